"""Whether a password is right, with the slow hash paid once every few minutes.

docker sends the password with each request for a token. A password that was right is remembered by a
fingerprint: an HMAC, with a key that lives only in this process, of the stored hash and of what was typed.
The password itself is not kept, and changing it changes the stored hash, so nothing has to be forgotten.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from django.contrib.auth.hashers import make_password
from django.core.cache import cache

from hub.accounts.models import User
from hub.accounts.names import LONGEST_PASSWORD

REMEMBERED_FOR = 5 * 60  # seconds
_PROCESS_KEY = secrets.token_bytes(32)


def verify(username: str, password: str) -> User | None:
    """The person with that Docker ID and password; None when either is wrong or sign-in is refused."""
    if len(password) > LONGEST_PASSWORD:
        return None
    user = User.objects.filter(username=username).first()
    if user is None:
        make_password(password)  # an unknown name takes as long as a wrong password
        return None
    if not _matches(user, password):
        return None
    return user if user.is_active and user.is_confirmed else None


def _matches(user: User, password: str) -> bool:
    fingerprint = _fingerprint(user, password)
    if cache.get(fingerprint):
        return True
    if not user.check_password(password):
        return False
    cache.set(fingerprint, True, REMEMBERED_FOR)
    return True


def _fingerprint(user: User, password: str) -> str:
    # The hash has a fixed alphabet without NUL, so the two parts cannot be confused.
    content = f"{user.pk}\0{user.password}\0{password}".encode("utf-8", "surrogatepass")
    return "password:" + hmac.new(_PROCESS_KEY, content, hashlib.sha256).hexdigest()
