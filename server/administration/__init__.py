"""What an operator may do, with or without a running server."""

from __future__ import annotations

from server.administration.needs import Failed
from server.administration.operations import OPERATIONS, Administration

__all__ = ["OPERATIONS", "Administration", "Failed"]
