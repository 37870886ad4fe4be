"""Signing up, confirming, signing in: what a learner meets on the way."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from allauth.account.internal.flows import code_verification
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from hub.accounts.adapter import AccountAdapter
from hub.accounts.attempts import MOST_WRONG
from hub.accounts.forms import EmailCodeForm
from hub.accounts.hashers import LabArgon2
from hub.accounts.models import User
from hub.accounts.names import suggest

if TYPE_CHECKING:
    from tests.hub.conftest import Learner

LastCode = Callable[[], str]


def test_a_learner_signs_up_confirms_and_lands_on_the_profile(learner: Learner, last_code: LastCode) -> None:
    page = learner.signs_up()
    assert page.path == "/conta/codigo/"
    assert page.says("pasta Spam")
    assert not learner.is_in

    page = learner.types_code(last_code())
    assert page.path == "/u/ana2026"
    assert page.says("E-mail confirmado")
    assert learner.is_in
    assert User.objects.get().is_confirmed


@pytest.mark.parametrize(
    ("typed", "mend"),
    [
        ("José", "Que tal «jose»?"),
        ("AnaMaria", "Que tal «anamaria»?"),
        ("ana maria", "Que tal «anamaria»?"),
        ("joão_silva", "Que tal «joaosilva»?"),
        ("ana", "curto demais: são pelo menos 4 caracteres. Que tal «ana2026»?"),
        ("a" * 31, "no máximo 30 caracteres. Que tal «" + "a" * 30 + "»?"),
        ("日本語", "Escolha, por exemplo, «ana2026»."),
        ("ana٤٥٦", "Que tal «ana2026»?"),
        ("library", "O nome «library» é reservado."),
        ("", "Preencha este campo."),
    ],
)
def test_a_wrong_docker_id_is_refused_with_the_mend(learner: Learner, typed: str, mend: str) -> None:
    page = learner.signs_up(docker_id=typed)
    assert page.path == "/signup"
    assert page.says(mend)
    assert not User.objects.exists()


@pytest.mark.parametrize("typed", ["José", "Zé", "ÁÉÍÓÚ çãõ", "a", "MARIA-das-dores.2", "x" * 99])
def test_a_suggested_docker_id_is_accepted(learner: Learner, typed: str) -> None:
    name = suggest(typed)
    assert name is not None
    assert learner.signs_up(docker_id=name).path == "/conta/codigo/"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("email", "ana", "Isto não parece um e-mail."),
        ("email", "", "Preencha este campo."),
        ("secret", "curta123", "A senha precisa de pelo menos 9 caracteres, e esta tem 8."),
        ("secret", "x" * 129, "no máximo 128 caracteres"),
    ],
)
def test_other_bad_fields_say_how_to_mend(learner: Learner, field: str, typed: str, sentence: str) -> None:
    assert learner.signs_up(**{field: typed}).says(sentence)
    assert not User.objects.exists()


def test_a_taken_docker_id_is_refused(learner: Learner, ana: User) -> None:
    page = learner.signs_up(docker_id=ana.username, email="outra@exemplo.com")
    assert page.says("O Docker ID «ana2026» já tem dono. Escolha outro, por exemplo «ana20262».")


@pytest.mark.django_db(transaction=True)
def test_two_people_asking_for_the_same_name_at_once(
    learner: Learner, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both passed the look-up: the database decides, and the loser reads why."""
    monkeypatch.setattr(AccountAdapter, "clean_username", lambda self, name, shallow=False: name)
    page = learner.signs_up(docker_id=ana.username, email="outra@exemplo.com")
    assert page.status == 200
    assert page.says("acabou de ser criado por outra pessoa")


def test_a_taken_email_is_told_by_mail_alone(learner: Learner, ana: User) -> None:
    page = learner.signs_up(docker_id="outra2026", email=ana.email)
    assert page.path == "/conta/codigo/"
    assert (mail.outbox[-1].to, len(mail.outbox)) == ([ana.email], 1)
    assert "este e-mail já tem uma" in mail.outbox[-1].body
    assert not re.search(r"\d{6}", str(mail.outbox[-1].body))
    assert not User.objects.get(username="outra2026").is_confirmed


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each password that went through the slow hash, which is nearly all of the time of an answer."""
    seen: list[str] = []
    encode = LabArgon2.encode

    def counted(self: LabArgon2, password: str, salt: str) -> str:
        seen.append(password)
        return encode(self, password, salt)

    def checked(self: LabArgon2, password: str, encoded: str) -> bool:
        seen.append(password)
        return Argon2PasswordHasher.verify(self, password, encoded)

    monkeypatch.setattr(LabArgon2, "encode", counted)
    monkeypatch.setattr(LabArgon2, "verify", checked)
    return seen


def test_signing_up_answers_alike_and_takes_as_long(learner: Learner, ana: User, hashed: list[str]) -> None:
    taken = learner.signs_up("outra2026", ana.email, "canoa-de-vento")
    first = len(hashed)
    new = type(learner)().signs_up("nova2026", "nova@exemplo.com", "canoa-de-vento")
    assert (first, len(hashed)) == (1, 2)
    assert taken.path == new.path
    assert alike(taken.text, ana.email) == alike(new.text, "nova@exemplo.com")


def test_a_wrong_code_is_told_alike_whether_the_email_has_an_account(learner: Learner, ana: User) -> None:
    other = type(learner)()
    learner.signs_up("outra2026", ana.email)
    other.signs_up("nova2026", "nova@exemplo.com")
    for _ in range(5):
        pages = (learner.types_code("abcdef"), other.types_code("abcdef"))
        assert pages[0].path == pages[1].path
        assert alike(pages[0].text, ana.email) == alike(pages[1].text, "nova@exemplo.com")


def test_an_email_that_has_an_account_can_be_changed_for_another(
    learner: Learner, ana: User, last_code: LastCode
) -> None:
    learner.signs_up("outra2026", ana.email, "canoa-de-vento")
    assert learner.sends("/conta/codigo/", action="change", email="isto").says("Isto não parece um e-mail")
    learner.sends("/conta/codigo/", action="change", email="outra@exemplo.com")
    assert mail.outbox[-1].to == ["outra@exemplo.com"]
    assert learner.types_code(last_code()).path == "/u/outra2026"
    assert User.objects.get(username="outra2026").check_password("canoa-de-vento")


def test_another_email_with_an_account_is_not_told_either(learner: Learner, ana: User, bia: User) -> None:
    learner.signs_up("outra2026", ana.email)
    page = learner.sends("/conta/codigo/", action="change", email=bia.email)
    assert page.path == "/conta/codigo/"
    assert "este e-mail já tem uma" in mail.outbox[-1].body
    assert not User.objects.get(username="outra2026").is_confirmed


def test_signing_in_answers_alike_and_takes_as_long(learner: Learner, ana: User, hashed: list[str]) -> None:
    pages = []
    for login in ("ana2026", "ana@exemplo.com", "ninguem", "ninguem@exemplo.com"):
        before = len(hashed)
        pages.append(alike(type(learner)().signs_in(login, "errada-errada").text, login))
        assert len(hashed) == before + 1, login
    assert len(set(pages)) == 1


def test_a_reset_answers_alike_for_any_email(learner: Learner, ana: User, hashed: list[str]) -> None:
    pages = []
    for email in (ana.email, "ninguem@exemplo.com"):
        page = type(learner)().sends("/conta/senha/esqueci/", email=email)
        assert page.path == "/conta/senha/esqueci/codigo/"
        pages.append(alike(page.text, email))
        assert mail.outbox[-1].to == [email]
    assert pages[0] == pages[1]
    assert not hashed


def alike(text: str, typed: str) -> str:
    """A page without what was typed and without the marks that differ each time."""
    text = text.replace(typed, "…").replace(quote(typed), "…")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


class Probe:
    """A stranger who signs up with an e-mail, and asks all that might tell whether it has an account."""

    DIFFERS = r"""(?i)[\w.]+(@|%40)exemplo.com|versao=\w+|"(id|date_joined)": "[^"]+\""""

    def __init__(self, name: str, email: str, hashed: list[str]) -> None:
        self.name, self.email, self.hashed = name, email, hashed
        self.seen: dict[str, tuple[Any, ...]] = {}

    def asks_all(self, other_email: str) -> dict[str, tuple[Any, ...]]:
        """Each answer, masked, with what takes time: passwords hashed, questions to the database, letters."""
        name, email, right = self.name, self.email, "canoa-de-vento"
        page = Client()
        self._notes("sign up", page, "/signup", username=name, email=email, password1=right)
        self._notes("code page", page, "/conta/codigo/")
        self._notes("wrong code", page, "/conta/codigo/", code="abcdef")
        self._notes("mailbox", page, "/correio/")
        for path in (f"/v2/users/{name}", f"/u/{name}", f"/v2/repositories/{name}/"):
            self._notes(path.replace(name, ""), Client(), path)
        self._notes("name again", Client(), "/signup", username=name, email="x@exemplo.com", password1=right)
        self._notes("e-mail again", Client(), "/signup", username=f"{name}b", email=email, password1=right)
        self._notes("e-mail of two", Client(), f"/v2/users/{name}b")
        for said in (right, "errada-errada"):
            both = {"username": name, "password": said}
            basic = "Basic " + b64encode(f"{name}:{said}".encode()).decode()
            self._notes(f"GET token {said}", Client(headers={"authorization": basic}), "/token")
            self._notes(f"POST token {said}", Client(), "/token", grant_type="password", **both)
            self._notes(f"API {said}", Client(), "/v2/users/login", **both)
            self._notes(f"token of API {said}", Client(), "/v2/auth/token", identifier=name, secret=said)
            for login in (name, email):
                self._notes(f"{login == email} {said}", Client(), "/login", login=login, password=said)
        self._notes("by e-mail in capitals", Client(), "/login", login=email.upper(), password=right)
        self._notes("reset", Client(), "/conta/senha/esqueci/", email=email)
        self._notes("resend", page, "/conta/codigo/", action="resend")
        self._notes("same e-mail", page, "/conta/codigo/", action="change", email=email)
        self._notes("bad e-mail", page, "/conta/codigo/", action="change", email="isto")
        self._notes("other e-mail", page, "/conta/codigo/", action="change", email=other_email)
        self._notes("after", Client(), "/login", login=name, password=right)
        return self.seen

    def _notes(self, step: str, client: Client, path: str, **fields: str) -> None:
        hashed, letters = len(self.hashed), len(mail.outbox)
        kind = {"content_type": "application/json"} if path.startswith("/v2/") else {}
        ask = partial(client.post, path, fields, **kind) if fields else partial(client.get, path)  # type: ignore[arg-type]
        with CaptureQueriesContext(connection) as asked:
            answer: Any = ask(follow=True)
        text = re.sub(self.DIFFERS, "…", alike(answer.content.decode(), self.name))
        where = [address.replace(self.name, "…") for address, _ in getattr(answer, "redirect_chain", [])]
        costs = (len(self.hashed) - hashed, len(asked), len(mail.outbox) - letters)
        assert step not in self.seen
        self.seen[step] = (answer.status_code, where, costs, text)


def test_nothing_that_a_stranger_can_ask_tells_whether_an_email_has_an_account(
    ana: User, bia: User, hashed: list[str], settings: Settings
) -> None:
    """Side by side, where letters go to real mailboxes: one of Ana's, one that only waits, and a new one."""
    settings.HUB_MAILBOX, settings.HUB_SMTP_HOST = "own", "smtp.escola.br"
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": None}
    Client().post(
        "/signup", {"username": "caio2026", "email": "caio@exemplo.com", "password1": "barco-de-sal"}
    )
    taken = Probe("sonda1", ana.email, hashed).asks_all(bia.email)
    waiting = Probe("sonda2", "caio@exemplo.com", hashed).asks_all("caio@exemplo.com")
    new = Probe("sonda3", "nova@exemplo.com", hashed).asks_all("outra@exemplo.com")
    for step, answer in new.items():
        assert taken[step] == answer, step
        assert waiting[step] == answer, step
    assert "já tem dono" in new["name again"][3]
    assert "foi confirmada" in new["GET token canoa-de-vento"][3]
    assert new["API errada-errada"][0] == 401
    assert new["after"][1] == ["/conta/codigo/"]
    assert not mail_with_a_code(ana.email)
    assert not mail_with_a_code(bia.email)


def mail_with_a_code(email: str) -> list[str]:
    """The letters that would confirm another account."""
    return [str(one.body) for one in mail.outbox if email in one.to and "a conta não abre" in str(one.body)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_late", [True, False])
def test_of_two_accounts_the_first_to_confirm_the_email_has_it(
    learner: Learner, last_code: LastCode, settings: Settings, monkeypatch: pytest.MonkeyPatch, is_late: bool
) -> None:
    """Also when both type the code in the same moment: then the database decides."""
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": None}
    other = type(learner)()
    learner.signs_up("ana2026", "ana@exemplo.com")
    first = last_code()
    other.signs_up("outra2026", "ana@exemplo.com", "canoa-de-vento")
    second = last_code()
    assert first == second or other.types_code(first).says("Este não é o código que mandamos")
    assert learner.types_code(first).path == "/u/ana2026"
    if not is_late:
        monkeypatch.setattr(EmailCodeForm, "clean_code", lambda form: form.cleaned_data["code"])
        monkeypatch.setattr(EmailAddress, "can_set_verified", lambda self: True)
    page = other.types_code(second)
    assert (page.status, other.is_in) == (200, False)
    assert page.says("Já existe uma conta com este e-mail." if is_late else "Não foi possível confirmar")
    assert not User.objects.get(username="outra2026").is_confirmed
    monkeypatch.undo()
    if not is_late:
        other.signs_in("outra2026", "canoa-de-vento")
    other.sends("/conta/codigo/", action="change", email="outra@exemplo.com")
    assert other.types_code(last_code()).path == "/u/outra2026"
    assert type(learner)().signs_in("ana@exemplo.com").path == "/u/ana2026"


def test_an_email_signs_in_to_the_account_that_confirmed_it(learner: Learner, ana: User) -> None:
    type(learner)().signs_up("outra2026", ana.email, "canoa-de-vento")
    assert learner.signs_in(ana.email, "canoa-de-vento").says("só o Docker ID serve")
    assert learner.signs_in(ana.email).path == "/u/ana2026"


def test_a_reset_is_of_the_account_that_confirmed_the_email_or_else_of_the_first(
    learner: Learner, ana: User, last_code: LastCode, settings: Settings
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": None}
    for name, email in (
        ("bia2026", "bia@exemplo.com"),
        ("outra2026", "bia@exemplo.com"),
        ("mais2026", ana.email),
    ):
        type(learner)().signs_up(name, email, "canoa-de-vento")
    for name, email in (("bia2026", "bia@exemplo.com"), (ana.username, ana.email)):
        learner.sends("/conta/senha/esqueci/", email=email)
        learner.sends("/conta/senha/esqueci/codigo/", code=last_code())
        fields = {"password1": "jangada-de-pau", "password2": "jangada-de-pau"}
        learner.sends("/conta/senha/esqueci/nova/", **fields)
        assert User.objects.get(username=name).check_password("jangada-de-pau")
        assert User.objects.by_login(email) == User.objects.get(username=name)


def test_sign_in_waits_for_the_code(learner: Learner, unconfirmed: User, last_code: LastCode) -> None:
    page = learner.signs_in(unconfirmed.username)
    assert page.path == "/conta/codigo/"
    assert not learner.is_in
    learner.types_code(last_code())
    assert learner.is_in


def test_a_wrong_code_can_be_typed_again(learner: Learner, last_code: LastCode) -> None:
    learner.signs_up()
    right = last_code()
    wrong = "000000" if right != "000000" else "111111"
    assert learner.types_code(wrong).says("Este não é o código que mandamos")
    assert not learner.is_in
    assert learner.types_code(f" {right[:3]} {right[3:]} ").path == "/u/ana2026"


def test_too_many_wrong_codes_cancel_the_code(learner: Learner, last_code: LastCode) -> None:
    learner.signs_up()
    right = last_code()
    for _ in range(5):
        page = learner.types_code("abcdef")
    assert page.path == "/login"
    assert page.says("Foram tentativas erradas demais")
    assert learner.types_code(right).path == "/login"
    assert not learner.is_in


def test_an_expired_code_says_so(
    learner: Learner, last_code: LastCode, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner.signs_up()
    now = code_verification.time.time()
    monkeypatch.setattr(code_verification.time, "time", lambda: now + 16 * 60)
    page = learner.types_code(last_code())
    assert page.path == "/login"
    assert page.says("O código venceu")


def test_the_code_page_without_a_code_says_what_to_do(learner: Learner) -> None:
    assert learner.opens("/conta/codigo/").says("Não há código esperando neste navegador")


def test_asking_again_too_soon_is_told_to_wait(learner: Learner) -> None:
    learner.signs_up()
    page = learner.sends("/conta/codigo/", action="resend")
    assert page.status == 429
    assert page.says("pedidos demais em pouco tempo")


def test_a_new_code_replaces_the_old(learner: Learner, last_code: LastCode, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": None}
    learner.signs_up()
    old = last_code()
    page = learner.sends("/conta/codigo/", action="resend")
    assert page.says("Enviamos um código para ana@exemplo.com")
    new = last_code()
    assert old == new or learner.types_code(old).says("Este não é o código")
    assert learner.types_code(new).path == "/u/ana2026"


def test_a_mistyped_email_can_be_changed(learner: Learner, last_code: LastCode) -> None:
    learner.signs_up(email="ana@exmplo.com")
    learner.sends("/conta/codigo/", action="change", email="ana@exemplo.com")
    assert mail.outbox[-1].to == ["ana@exemplo.com"]
    learner.types_code(last_code())
    assert User.objects.get().email == "ana@exemplo.com"


def test_a_mailbox_that_is_down_costs_nothing(
    learner: Learner, last_code: LastCode, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": None}

    def refuse(self: EmailBackend, messages: object) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", refuse)
        page = learner.signs_up()
    assert page.path == "/conta/codigo/"
    assert page.says("O correio de treino não respondeu")
    assert not page.says("Enviamos um código")
    learner.sends("/conta/codigo/", action="resend")
    assert learner.types_code(last_code()).path == "/u/ana2026"


def test_a_notice_that_cannot_go_stops_nothing_and_asks_for_nothing(
    learner: Learner, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: EmailBackend, messages: object) -> int:
        raise ConnectionRefusedError

    learner.signs_in()
    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    fields = {"password1": "canoa-de-vento", "password2": "canoa-de-vento"}
    page = learner.sends("/conta/senha/", oldpassword="barco-de-papel", **fields)
    assert page.says("Senha trocada.")
    assert not page.says("não respondeu")


@pytest.mark.parametrize("login", ["ana2026", "ana@exemplo.com", "ANA2026"])
def test_signing_in_by_name_or_email(learner: Learner, ana: User, login: str) -> None:
    assert learner.signs_in(login).path == "/u/ana2026"


@pytest.mark.parametrize(("login", "secret"), [("ana2026", "errada-errada"), ("ninguem", "barco-de-papel")])
def test_a_wrong_password_and_an_unknown_name_read_the_same(
    learner: Learner, ana: User, login: str, secret: str
) -> None:
    assert learner.signs_in(login, secret).says("O Docker ID (ou e-mail) e a senha não combinam")


def test_guessing_passwords_is_slowed_down(learner: Learner, ana: User) -> None:
    for number in range(MOST_WRONG):
        assert learner.signs_in(ana.username, f"chute-numero-{number}").says("não combinam")
    assert learner.signs_in(ana.username).says("Foram tentativas erradas demais")
    assert not learner.is_in


def test_another_name_of_the_hub_gives_no_more_guesses(
    learner: Learner, ana: User, settings: Settings
) -> None:
    for number in range(MOST_WRONG):
        host = settings.PRACTICE_NAMES[number % len(settings.PRACTICE_NAMES)]
        fields = {"login": ana.username, "password": f"chute-numero-{number}"}
        page = learner.client.post("/login", fields, headers={"host": host}).content.decode()
        assert "não combinam" in page
    assert learner.signs_in().says("Foram tentativas erradas demais")


def test_who_guesses_keeps_nobody_else_out(learner: Learner, ana: User) -> None:
    for number in range(MOST_WRONG + 1):
        fields = {"login": ana.username, "password": f"chute-numero-{number}"}
        learner.client.post("/login", fields, REMOTE_ADDR="203.0.113.7")
    assert learner.signs_in().path == "/u/ana2026"


@pytest.mark.parametrize("email", ["ana@exemplo.com", "ninguem@exemplo.com"])
def test_what_was_tried_on_an_email_does_not_tell_whose_it_is(
    learner: Learner, ana: User, email: str
) -> None:
    for number in range(MOST_WRONG):
        learner.signs_in(email, f"chute-numero-{number}")
    assert learner.signs_in(email, "mais-um-chute").says("Foram tentativas erradas demais")
    assert learner.signs_in(ana.username, "mais-um-chute").says("não combinam")


def test_a_password_chosen_again_is_not_kept_out(learner: Learner, ana: User) -> None:
    for number in range(MOST_WRONG + 1):
        learner.signs_in(ana.username, f"chute-numero-{number}")
    ana.set_password("canoa-de-vento")
    ana.save()
    assert learner.signs_in(ana.username, "canoa-de-vento").path == "/u/ana2026"


@pytest.mark.parametrize("path", ["/login", "/signup", "/logout"])
@pytest.mark.parametrize(
    "elsewhere", ["https://app.docker.com/", "https://hub.docker.com/", "//example.com", "javascript:1"]
)
def test_no_form_leads_to_another_address(learner: Learner, ana: User, path: str, elsewhere: str) -> None:
    """Outside the lab those names are the real Docker's, where a practice password has no business."""
    if path == "/logout":
        learner.signs_in()
    fields = {"username": "bia2026", "email": "b@exemplo.com", "password1": "barco-de-papel"}
    fields |= {"login": "ana2026", "password": "barco-de-papel", "next": elsewhere}
    assert learner.sends(path, **fields).path in {"/u/ana2026", "/conta/codigo/", "/"}


def test_after_signing_in_the_page_that_asked_is_shown(learner: Learner, ana: User) -> None:
    fields = {"login": "ana2026", "password": "barco-de-papel", "next": "/conta/senha/"}
    assert learner.sends("/login", **fields).path == "/conta/senha/"


def test_a_closed_account_stays_out(learner: Learner, ana: User) -> None:
    User.objects.update(is_active=False)
    assert not learner.signs_in().path.startswith("/u/")
    assert not learner.is_in


def test_signing_out_takes_a_button(learner: Learner, ana: User) -> None:
    learner.signs_in()
    learner.opens("/logout")
    assert learner.is_in
    assert learner.sends("/logout").path == "/"
    assert not learner.is_in


def test_a_forgotten_password_is_replaced(learner: Learner, ana: User, last_code: LastCode) -> None:
    learner.sends("/conta/senha/esqueci/", email=ana.email)
    learner.sends("/conta/senha/esqueci/codigo/", code=last_code())
    new = "/conta/senha/esqueci/nova/"
    page = learner.sends(new, password1="canoa-de-vento", password2="outra-coisa-aqui")
    assert page.says("As duas senhas novas precisam ser iguais.")
    page = learner.sends(new, password1="canoa-de-vento", password2="canoa-de-vento")
    assert page.says("Senha trocada")
    assert learner.signs_in(secret="canoa-de-vento").path == "/u/ana2026"


def test_a_new_password_ends_every_other_browser(learner: Learner, ana: User) -> None:
    other = type(learner)()
    learner.signs_in()
    other.signs_in()
    fields = {"password1": "canoa-de-vento", "password2": "canoa-de-vento"}
    learner.sends("/conta/senha/", oldpassword="barco-de-papel", **fields)
    assert learner.opens("/conta/tokens/").path == "/conta/tokens/"
    assert other.opens("/conta/tokens/").path.startswith("/login")


def test_a_password_reset_ends_every_browser(learner: Learner, ana: User, last_code: LastCode) -> None:
    other = type(learner)()
    other.signs_in()
    learner.sends("/conta/senha/esqueci/", email=ana.email)
    learner.sends("/conta/senha/esqueci/codigo/", code=last_code())
    fields = {"password1": "canoa-de-vento", "password2": "canoa-de-vento"}
    learner.sends("/conta/senha/esqueci/nova/", **fields)
    assert other.opens("/conta/tokens/").path.startswith("/login")


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/signup", {"username": "x", "email": "x", "password1": "x"}),
        ("/login", {"login": "ninguem", "password": "errada-errada"}),
        ("/conta/senha/esqueci/", {"email": "ninguem@exemplo.com"}),
    ],
)
def test_one_address_may_not_ask_without_end(
    learner: Learner, settings: Settings, path: str, fields: dict[str, str]
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"signup": "3/m/ip", "login": "3/m/ip", "reset_password": "3/m/ip"}
    pages = [learner.sends(path, **fields) for _ in range(4)]
    assert [page.status == 429 for page in pages] == [False, False, False, True]
    assert pages[3].says("pedidos demais em pouco tempo")


def test_the_limits_leave_room_for_a_class_behind_one_address(settings: Settings) -> None:
    for action in ("signup", "login", "reset_password"):
        first = settings.ACCOUNT_RATE_LIMITS[action].partition("/")[0]
        assert int(first) >= settings.HUB_PEOPLE_PER_ADDRESS >= 200


def test_codes_by_email_for_one_account_are_counted(learner: Learner, unconfirmed: User, ana: User) -> None:
    """Each may be guessed at five times, so there may not be any number of them."""
    sent = 0
    for _ in range(3):
        before = len(mail.outbox)
        type(learner)().signs_in(unconfirmed.username)
        sent += len(mail.outbox) - before
    assert sent == 1


def test_a_password_is_changed(learner: Learner, ana: User) -> None:
    learner.signs_in()
    fields = {"password1": "canoa-de-vento", "password2": "canoa-de-vento"}
    page = learner.sends("/conta/senha/", oldpassword="nao-e-esta", **fields)
    assert page.says("Esta não é a sua senha atual")
    page = learner.sends("/conta/senha/", oldpassword="barco-de-papel", **fields)
    assert page.says("faça docker login de novo")
    assert mail.outbox[-1].subject == "A senha da sua conta foi trocada"
    assert "do endereço 127.0.0.1" in mail.outbox[-1].body
    ana.refresh_from_db()
    assert ana.check_password("canoa-de-vento")
