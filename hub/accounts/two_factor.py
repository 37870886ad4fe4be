"""The second step of signing in: a code from an authenticator app, or one of the recovery codes.

allauth keeps the secrets and does the sums (RFC 6238); here is what the hub adds to it.
"""

from __future__ import annotations

import base64

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils.crypto import salted_hmac

from hub.accounts.models import User

TOTP = Authenticator.Type.TOTP


class SecondFactorNeeded(Exception):  # noqa: N818
    """The password is right and is not enough: the sentence says what signs in where no code can be asked.

    It starts with what docker shows: https://github.com/pinterest/querybook/pull/1548.
    """

    def __init__(self, person: User) -> None:
        page = settings.HUB_WEB_URL + reverse("access_tokens")
        super().__init__(
            "your account must log in with a Personal Access Token (PAT): a conta "
            f"{person.username} tem a verificação em duas etapas ligada, e aqui a senha sozinha não entra. "
            f"Crie um token de acesso em {page} e use-o no lugar da senha: docker login -u {person.username}"
        )
        self.person = person


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": (
            "Este código não serve. Cada um vale por 30 segundos e uma vez só: "
            "espere o próximo no aplicativo e digite-o logo."
        ),
        "unverified_email": "Confirme o e-mail da conta antes de ligar a verificação em duas etapas.",
        "cannot_generate_recovery_codes": "Ligue antes a verificação em duas etapas.",
    }

    def get_totp_label(self, user: User) -> str:
        return user.username

    def get_totp_issuer(self) -> str:
        return "Hub de treino"

    def build_totp_svg(self, url: str) -> str:
        """An <svg> that stands in the page itself: the policy has nothing more to allow, not even `data:`."""
        drawn: str = super().build_totp_svg(url)
        return drawn[drawn.index("<svg") :]  # what comes before is for a file of its own

    def encrypt(self, text: str) -> str:
        """Whoever reads the database alone can't make codes: the key is made from the hub's own secret."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def is_first_use(person: User, code: str) -> bool:
    """A code signs in once; allauth remembers it for one period, and takes it in three."""
    digits = "".join(letter for letter in code if letter.isdigit())
    lasts = settings.MFA_TOTP_PERIOD * (2 * settings.MFA_TOTP_TOLERANCE + 1)
    used = salted_hmac("hub.accounts.two_factor.used", f"{person.pk}:{digits}", algorithm="sha256")
    return cache.add(f"totp-used:{used.hexdigest()}", True, lasts)


def _cipher() -> Fernet:
    key = salted_hmac("hub.accounts.two_factor", "", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
