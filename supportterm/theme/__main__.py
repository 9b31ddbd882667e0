"""``python -m supportterm.theme``: the page about theme files, docs/themes.md."""

import sys

from supportterm.theme.describing import describe

sys.stdout.write(describe())
