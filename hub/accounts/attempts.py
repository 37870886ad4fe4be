"""How many passwords may be tried: guessing is slow, mistyping costs nothing.

Only different wrong passwords count. docker sends a stored one again and again, which is no guess, and it
is refused again without paying for the slow hash. They are rows of the database, so that all processes of
the hub count together; what was typed is there only as an HMAC with the hub's own key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from hub.accounts.models import WrongPassword

MOST_WRONG = 10  # of one address on one account
MOST_WRONG_ACCOUNT = 100  # of all addresses together on one account
_OF_A_PERSON = 4  # of one address on all accounts, times HUB_PEOPLE_PER_ADDRESS
WINDOW = timedelta(minutes=5)


class TooManyAttempts(Exception):  # noqa: N818
    """The sentence that the learner reads, and the seconds to wait."""

    def __init__(self, seconds: int) -> None:
        minutes = -(-seconds // 60)
        wait = "1 minuto" if minutes == 1 else f"{minutes} minutos"
        reset = settings.HUB_WEB_URL + reverse("account_reset_password")
        super().__init__(
            "Foram senhas erradas demais em pouco tempo. "
            f"Espere {wait} e tente de novo; se esqueceu a senha, escolha outra em {reset}."
        )
        self.seconds = seconds


def fingerprint(content: str) -> str:
    """The same in every process of this hub, and nothing to whoever has only the database."""
    return salted_hmac("hub.accounts.attempts", content, algorithm="sha256").hexdigest()


@dataclass(frozen=True)
class Attempts:
    """What one address tried on one account; account and passwords are fingerprints, never the words."""

    account: str
    address: str

    def was_wrong(self, password: str) -> bool:
        return self._mine().filter(password=password, at__gt=_since()).exists()

    def check(self) -> None:
        """Raises TooManyAttempts."""
        account, address = Q(account=self.account), Q(address=self.address)
        seen = WrongPassword.objects.filter(account | address, at__gt=_since()).aggregate(
            mine=Count("pk", account & address),
            of_account=Count("pk", account),
            of_address=Count("pk", address),
            first=Min("at"),
        )
        limits = (MOST_WRONG, MOST_WRONG_ACCOUNT, _OF_A_PERSON * settings.HUB_PEOPLE_PER_ADDRESS)
        if any(
            seen[name] >= most
            for name, most in zip(("mine", "of_account", "of_address"), limits, strict=True)
        ):
            left = seen["first"] + WINDOW - timezone.now()
            raise TooManyAttempts(max(1, round(left.total_seconds())))

    def note_wrong(self, password: str) -> None:
        WrongPassword.objects.update_or_create(
            account=self.account, address=self.address, password=password, defaults={"at": timezone.now()}
        )

    def _mine(self) -> QuerySet[WrongPassword]:
        return WrongPassword.objects.filter(account=self.account, address=self.address)


def forget_old_attempts() -> None:
    WrongPassword.objects.filter(at__lte=_since()).delete()


def _since() -> datetime:
    return timezone.now() - WINDOW
