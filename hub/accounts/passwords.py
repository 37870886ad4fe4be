"""Whether a password is right, with the slow hash paid once every few minutes.

docker sends the password with each request for a token. A password is remembered by a fingerprint: an HMAC,
with a key that lives only in this process, of the stored hash and of what was typed. The password itself is
not kept, and changing it changes the stored hash, so nothing has to be forgotten.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from django.contrib.auth.hashers import make_password
from django.core.cache import cache

from hub.accounts.attempts import Attempts
from hub.accounts.models import User
from hub.accounts.names import LONGEST_PASSWORD

REMEMBERED_FOR = 5 * 60  # seconds
_PROCESS_KEY = secrets.token_bytes(32)


def verify(username: str, password: str, address: str = "") -> User | None:
    """The person with that Docker ID and password; None when either is wrong or sign-in is refused.

    Raises TooManyAttempts when `address` has tried too many; a right password that is remembered passes.
    """
    if len(password) > LONGEST_PASSWORD or not _is_text(password):
        return None
    user = User.objects.filter(username=username).first()
    account = f"{user.pk}\0{user.password}" if user else f"\0{username}"
    typed = _fingerprint("password", account, password)
    if cache.get(typed) is None:
        attempts = Attempts(_fingerprint("attempts", account, address))
        if attempts.was_wrong(typed):
            return None
        attempts.check()
        if not _is_right(user, password):
            attempts.note_wrong(typed)
            return None
        cache.set(typed, True, REMEMBERED_FOR)
    return user if user is not None and user.is_active and user.is_confirmed else None


def _is_text(password: str) -> bool:
    """JSON can carry half a character, which no password has and no hash takes."""
    try:
        password.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _is_right(user: User | None, password: str) -> bool:
    if user is None:
        make_password(password)  # an unknown name takes as long as a wrong password
        return False
    return user.check_password(password)


def _fingerprint(kind: str, account: str, secret: str) -> str:
    # Names and hashes have fixed alphabets without NUL, so the parts cannot be confused.
    content = f"{kind}\0{account}\0{secret}".encode()
    return f"{kind}:" + hmac.new(_PROCESS_KEY, content, hashlib.sha256).hexdigest()
