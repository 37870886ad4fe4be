"""The code by which learners enter the class: made of its secret, shown by the teacher, typed by each one.

    code = letters of HMAC-SHA256(secret of the class)

It keeps strangers out of the list; it does not tell who somebody is, since the whole class knows it.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from django.conf import settings

from checks.mark import ALPHABET

LENGTH: Final = 8  # 18 letters, 8 times: 10^10 codes, and few guesses (ACCOUNT_RATE_LIMITS)
_HALF: Final = LENGTH // 2
# Learners' marks are made of the same secret, for another purpose.
_PURPOSE: Final = b"dockerhub-na-pratica codigo da turma 1\0"


def class_code() -> str:
    """As in `h7kd-mx3r`; empty where there is no class."""
    secret: str = settings.HUB_CLASS_SECRET
    if not secret:
        return ""
    digest = hmac.new(secret.encode("utf-8"), _PURPOSE, hashlib.sha256).digest()
    number, letters = int.from_bytes(digest, "big"), []
    for _ in range(LENGTH):
        number, at = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[at])
    return f"{''.join(letters[:_HALF])}-{''.join(letters[_HALF:])}"


def is_class_code(typed: str) -> bool:
    """However it was typed: capitals, hyphen and spaces do not matter."""
    code = class_code()
    return bool(code) and hmac.compare_digest(_bare(typed), _bare(code))


def _bare(code: str) -> bytes:
    return "".join(code.lower().split()).replace("-", "").encode("utf-8")
