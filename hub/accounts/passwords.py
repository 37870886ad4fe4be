"""Whether a password is right, with the slow hash paid once every few minutes.

docker sends the password with each request for a token. A password is remembered by a fingerprint: an HMAC,
with a key that lives only in this process, of the account's standing (its stored hash among it) and of what
was typed. The password itself is not kept, and changing it, or switching two-factor on, changes the standing,
which every process reads from the database: nothing has to be forgotten.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.core.cache import caches
from django.db.models import Exists, OuterRef

from hub.accounts.attempts import Attempts, fingerprint
from hub.accounts.models import User
from hub.accounts.names import LONGEST_PASSWORD
from hub.accounts.two_factor import TOTP, SecondFactorNeeded
from hub.audit.actions import Action
from hub.audit.log import note

REMEMBERED_FOR = 5 * 60  # seconds
_PROCESS_KEY = secrets.token_bytes(32)
_CONFIRMED = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
_SECOND_STEP = Authenticator.objects.filter(user=OuterRef("pk"), type=TOTP)
FROM_DOCKER = "pelo docker ou pela API"


def verify(username: str, password: str, address: str = "") -> User | None:
    """The person with that Docker ID and password; None when either is wrong or sign-in is refused.

    Raises TooManyAttempts when `address` has tried too many (a right password that is remembered passes), and
    SecondFactorNeeded when the password is right and the account asks for a code too.
    """
    if len(password) > LONGEST_PASSWORD or not _is_text(password):
        return None
    people = User.objects.annotate(confirmed=Exists(_CONFIRMED), second_step=Exists(_SECOND_STEP))
    user = people.filter(username=username).first()
    # Names and hashes have fixed alphabets without NUL, so the parts cannot be confused.
    account = user.standing if user else f"\0{username}"
    is_remembered = user is not None and _is_remembered(account, password)
    if not is_remembered and not _is_proved(user, account, password, address):
        return None
    if user is None or not (user.is_active and user.confirmed):
        return None
    if user.second_step:
        raise SecondFactorNeeded(user)
    if not is_remembered:
        note(user, Action.SIGNED_IN, FROM_DOCKER, address=address)
    return user


def _is_remembered(account: str, password: str) -> bool:
    return caches["process"].get(_memory_key(account, password)) is not None


def _is_proved(user: User | None, account: str, password: str, address: str) -> bool:
    """By the slow hash, unless this address has tried too many. Raises TooManyAttempts."""
    attempts = Attempts(fingerprint(account), address)
    typed = fingerprint(f"{account}\0{password}")
    if attempts.was_wrong(typed):
        return False
    attempts.check()
    if not _is_right(user, password):
        attempts.note_wrong(typed)
        note(user, Action.SIGN_IN_FAILED, FROM_DOCKER, address=address)
        return False
    caches["process"].set(_memory_key(account, password), True, REMEMBERED_FOR)
    return True


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


def _memory_key(account: str, password: str) -> str:
    content = f"{account}\0{password}".encode()
    return "password:" + hmac.new(_PROCESS_KEY, content, hashlib.sha256).hexdigest()
