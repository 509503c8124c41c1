"""The account that the emulator plays, and clients that act in it."""

from __future__ import annotations

ACCOUNT_ID = "000000000000"
DEFAULT_REGION = "us-east-1"

ROOT_KEY = "test"
"""Access key and secret of the account's root user, as ministack has them."""
