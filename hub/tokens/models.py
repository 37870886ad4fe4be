"""A personal access token as the hub keeps it: all but the token itself."""

from __future__ import annotations

import secrets
import uuid as uuids
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from hub.accounts.models import User
from hub.rows import take_turns
from hub.tokens.scopes import Scope, widest

PREFIX = "dckr_pat_"
LONGEST_LABEL = 100
LONGEST_LIFE = timedelta(days=365)  # of one that expires, as the real hub's page has it
MOST_TOKENS = 100  # for each account; a bound of ours
_RANDOM_BYTES = 20  # 160 bits, so a fast hash is enough: nobody guesses one
_NOTED_EVERY = timedelta(minutes=1)


def fingerprint(secret: str) -> str:
    """What is kept of a token: an HMAC with the hub's own key, by which it is also found."""
    return salted_hmac("hub.tokens", secret, algorithm="sha256").hexdigest()


class TooManyTokens(Exception):  # noqa: N818
    """The sentence that the person reads."""

    def __init__(self) -> None:
        super().__init__(f"Cada conta tem no máximo {MOST_TOKENS} tokens. Apague os que não usa mais.")


class AccessTokenManager(models.Manager["AccessToken"]):
    @transaction.atomic
    def issue(
        self,
        owner: User,
        label: str,
        scopes: list[str],
        expires_at: datetime | None = None,
        *,
        uuid: uuids.UUID | None = None,
        address: str = "",
        agent: str = "",
    ) -> tuple[AccessToken, str]:
        """A new token and its secret, which nobody can show again. Raises TooManyTokens."""
        take_turns(owner.username)
        if self.filter(owner=owner).count() >= MOST_TOKENS:
            raise TooManyTokens
        secret = PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)
        token = self.create(
            uuid=uuid or uuids.uuid4(),
            owner=owner,
            label=label,
            scopes=sorted(set(scopes), key=lambda scope: Scope(scope).rank),
            expires_at=expires_at,
            fingerprint=fingerprint(secret),
            creator_ip=address[:45],
            creator_ua=agent[:200],
        )
        return token, secret

    def with_secret(self, username: str, secret: str) -> AccessToken | None:
        """Of that person; a token never signs another one in."""
        if not (secret.startswith(PREFIX) and secret.isascii()):
            return None
        found = self.filter(fingerprint=fingerprint(secret), owner__username=username)
        return found.select_related("owner").first()


class AccessToken(models.Model):
    """`scopes` has one value when a person made it; programs may send several."""

    uuid = models.UUIDField(default=uuids.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="access_tokens"
    )
    label = models.CharField(max_length=LONGEST_LABEL)
    scopes: models.JSONField[list[str], list[str]] = models.JSONField()
    fingerprint = models.CharField(max_length=64, unique=True)
    is_active = models.BooleanField(default=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_used = models.DateTimeField(null=True, blank=True)
    creator_ip = models.CharField(max_length=45, blank=True)
    creator_ua = models.CharField(max_length=200, blank=True)

    objects: ClassVar[AccessTokenManager] = AccessTokenManager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def scope(self) -> Scope:
        return widest(self.scopes)

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def works(self) -> bool:
        return self.is_active and not self.is_expired

    def allows(self, scope: Scope) -> bool:
        return self.scope.rank >= scope.rank

    def note_use(self) -> bool:
        """Whether it was noted: once a minute at most, as docker brings it many times in one push."""
        now = timezone.now()
        if self.last_used is not None and now - self.last_used < _NOTED_EVERY:
            return False
        unnoted = AccessToken.objects.filter(pk=self.pk, last_used=self.last_used)
        return bool(unnoted.update(last_used=now))
