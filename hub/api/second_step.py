"""POST /v2/users/2fa-login: the code that finishes what /v2/users/login began, where two-factor is on.

The token in between says that the password was right, for five minutes, and is good for nothing else.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from hub.accounts.code_forms import AuthenticateForm
from hub.accounts.models import User
from hub.accounts.two_factor import TOTP
from hub.api import errors
from hub.api.bearer import issue
from hub.api.body import BadField, Body
from hub.api.endpoint import endpoint
from hub.audit.actions import Action
from hub.audit.log import note
from hub.tokens.sign_in import SignedIn

LIFE = timedelta(minutes=5)
AUDIENCE = "https://hub.docker.com/v2/users/2fa-login"
# The real hub's words, told in https://github.com/microsoft/vscode-docker/issues/1591.
NEEDED = "Require secondary authentication on MFA enabled account"
WRONG = "Incorrect authentication credentials"
LONGEST_CODE = 64
FROM_API = "pela API"


def ask_for_code(person: User) -> JsonResponse:
    """The schema PostUsersLoginErrorResponse, with the token to bring together with the code."""
    claims = {
        "aud": AUDIENCE,
        "sub": person.username,
        "standing": _standing(person),
        "exp": datetime.now(UTC) + LIFE,
    }
    text = jwt.encode(claims, _key(), algorithm="HS256")
    return JsonResponse({"detail": NEEDED, "login_2fa_token": text}, status=401)


@endpoint("POST")
def second_step(request: HttpRequest) -> HttpResponse:
    """The code is the app's, or a recovery code; wrong ones are counted with those typed on the page."""
    try:
        body = Body(request)
        text, code = body.secret("login_2fa_token"), body.text("code", LONGEST_CODE)
    except BadField as bad:
        return errors.failure(401, str(bad))
    person = _waiting(text)
    if person is None:
        return errors.failure(
            401, "login_2fa_token não vale ou já venceu. Comece de novo em /v2/users/login."
        )
    form = AuthenticateForm(data={"code": code}, user=person)
    if form.is_valid():
        form.authenticator.record_usage()  # the form's own save would also start a browser's session
        if form.authenticator.type != TOTP:
            note(request, Action.CODE_USED, person=person)
        note(request, Action.SIGNED_IN, FROM_API, person=person)
        return JsonResponse({"token": issue(SignedIn(person))})
    if form.has_error("code", "too_many_login_attempts"):
        return errors.too_many(form.errors["code"][0], 300)
    return errors.failure(401, WRONG)


def _waiting(text: str) -> User | None:
    """Whose password was right; None when that is too long ago, or has changed since."""
    try:
        claims = jwt.decode(text, _key(), algorithms=["HS256"], audience=AUDIENCE)
    except (jwt.InvalidTokenError, ValueError):  # half a character is no token either
        return None
    person = User.objects.filter(username=claims["sub"], is_active=True).first()
    if person is None or not constant_time_compare(claims["standing"], _standing(person)):
        return None
    return person


def _standing(person: User) -> str:
    return salted_hmac("hub.api.second_step.standing", person.standing, algorithm="sha256").hexdigest()


def _key() -> bytes:
    return salted_hmac("hub.api.second_step", "", algorithm="sha256").digest()
