"""Foreign text: safe to show (`SafeText`), clean on the wire, masked of card numbers and IBANs."""

from supportterm.text.masking import mask
from supportterm.text.safe import SafeText, fill, join, safe_line, safe_text, trusted
from supportterm.text.wire import wire_text

__all__ = ["SafeText", "fill", "join", "mask", "safe_line", "safe_text", "trusted", "wire_text"]
