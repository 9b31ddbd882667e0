"""What stands beside each key: its meaning, and what is valid, for checks, files and pages alike."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Meta, Struct


def about(text: str, valid: str, example: str = "", **more: Any) -> Meta:
    """A key whose type says all that can be checked at once."""
    return Meta(description=text, extra={"valid": valid, "example": example, **more})


def whole(low: int, high: int, text: str) -> Meta:
    """A whole number."""
    return Meta(
        ge=low,
        le=high,
        description=text,
        extra={"valid": f"a whole number from {low} to {high}", "example": ""},
    )


def points(low: float, high: float, text: str) -> Meta:
    """Points of load, which count in hundredths."""
    valid = f"a number from {low} to {high} with at most two decimals"
    return Meta(ge=low, le=high, description=text, extra={"valid": valid, "example": "", "hundredths": True})


def true_or_false(text: str) -> Meta:
    """A switch."""
    return about(text, "true or false")


def secret(text: str, valid: str) -> Meta:
    """A text that stands in no sentence about a mistake."""
    return about(text, valid, secret=True)


def days(text: str) -> Meta:
    """Days for which something is kept."""
    return whole(0, 36_500, text + " 0 keeps it until someone is erased.")


def day(text: str) -> Meta:
    """A day of the calendar; TOML has a type for it, and a text will do."""
    return about(text, "a date such as 2026-12-25", day=True)


def inner(table: type[Struct], shape: Literal["table", "tables", "list"], text: str, name: str = "") -> Meta:
    """Tables of their own under this one.

    ``shape``: one "table"; many "tables", each called what ``name`` stands for in the page; or a
    "list" of tables.
    """
    valid = {
        "table": "a table of its own",
        "tables": "tables of their own",
        "list": "tables in double brackets",
    }[shape]
    return about(text, valid, table=table, shape=shape, name=name)


def hundredths(value: float) -> int:
    """Points as they are counted. Raises `ValueError` if they have more than two decimals."""
    whole_number = round(value * 100)
    if abs(value * 100 - whole_number) > 1e-6:
        raise ValueError(f"{value} has more than two decimals")
    return whole_number
