"""An authenticator app, as RFC 6238 says: what a learner's phone does with the secret of the page."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time

PERIOD = 30  # seconds


def code_for(secret: str, later: int = 0) -> str:
    """The six digits of now, or of so many periods later."""
    counter = struct.pack(">Q", int(time.time()) // PERIOD + later)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def wait_for_room(seconds: int = 12) -> None:
    """Until the codes of now stay so for as long."""
    left = PERIOD - time.time() % PERIOD
    if left < seconds:
        time.sleep(left)
