"""A refused push or pull by tables of facts: the cause, and the one command that mends it."""

from dataclasses import replace
from typing import Any

import pytest

from checks.diagnosis import Action, Cause, Situation, System, diagnose, is_push
from checks.errors import (
    ClockWrong,
    EngineOff,
    HubUnreachable,
    LoginRefused,
    LoginUnreadable,
    OutOfReach,
    RateLimited,
    RegistryUnreachable,
    StrangeAnswer,
    TooSlow,
)
from checks.image import (
    Access,
    Account,
    Clock,
    Grant,
    Image,
    LocalImage,
    LocalNames,
    Login,
    Platform,
    RemoteImage,
    RemoteTags,
    SignedWith,
)
from checks.reference import parse

NAME, SHORT = parse("ana/app"), parse("app")
AMD64, ARM64 = Platform("linux", "amd64"), Platform("linux", "arm64")
APP, APP_ARM, OTHER = Image(AMD64, ("sha256:aa",)), Image(ARM64, ("sha256:aa",)), Image(AMD64, ("sha256:bb",))
HERE, NOT_HERE = LocalImage(NAME, APP, "sha256:id"), LocalImage(NAME, None)
MISSING, DENIED = RemoteImage(NAME, Access.MISSING), RemoteImage(NAME, Access.DENIED)
ANA, BIA, NOBODY = Login("ana"), Login("bia"), Login(None)
WITH_TOKEN = Login("ana", SignedWith.TOKEN)
SCOPES, QUOTA = "access token has insufficient scopes: …", "private repository limit reached: …"
READY = Situation(
    NAME, Action.PUSH, login=ANA, local=HERE, remote=MISSING, names=LocalNames((NAME, SHORT), AMD64)
)
PULL = replace(READY, action=Action.PULL, login=BIA, local=NOT_HERE, names=LocalNames((), AMD64))
REAL = System(practice=False)


def there(*images: Image) -> RemoteImage:
    return RemoteImage(NAME, Access.FOUND, "sha256:digest", images)


def known(*names: str) -> LocalNames:
    return LocalNames(tuple(map(parse, names)), AMD64)


def may(*actions: str, refusal: str = "") -> Grant:
    return Grant(NAME, frozenset(actions), refusal)


def tags(*names: str) -> RemoteTags:
    return RemoteTags(NAME, names)


ABSENT: dict[str, Any] = {"local": NOT_HERE, "names": known()}


@pytest.mark.parametrize(
    ("changes", "cause", "command"),
    [
        ({}, Cause.NOT_PUSHED, "docker push ana/app:latest"),
        ({"remote": DENIED}, Cause.NOT_PUSHED, "docker push ana/app:latest"),
        ({"remote": there(OTHER)}, Cause.NOT_PUSHED, "docker push ana/app:latest"),
        ({"remote": there(APP)}, Cause.NONE, "docker push ana/app:latest"),
        ({"login": Login("Ana")}, Cause.NOT_PUSHED, "docker push ana/app:latest"),
        # who is logged in
        ({"login": NOBODY}, Cause.NOT_LOGGED_IN, "docker login -u ana"),
        (
            {"login": NOBODY, "owner": Account("ana", exists=False)},
            Cause.NOT_LOGGED_IN,
            "docker login -u SEU_DOCKER_ID",
        ),
        ({"login": BIA}, Cause.LOGGED_IN_AS_OTHER, "docker login -u ana"),
        (
            {"login": BIA, "owner": Account("ana", exists=True)},
            Cause.LOGGED_IN_AS_OTHER,
            "docker login -u ana",
        ),
        ({"login": Login("ana@example.com")}, Cause.LOGGED_IN_AS_OTHER, "docker login -u SEU_DOCKER_ID"),
        # whose name it is
        (
            {"login": BIA, "owner": Account("ana", exists=False)},
            Cause.WRONG_NAMESPACE,
            "docker tag ana/app:latest bia/app:latest",
        ),
        (
            {"reference": SHORT, "local": LocalImage(SHORT, APP)},
            Cause.WRONG_NAMESPACE,
            "docker tag app:latest ana/app:latest",
        ),
        (
            {"login": BIA, **ABSENT, "names": known("bia/app")},
            Cause.WRONG_NAMESPACE,
            "docker push bia/app:latest",
        ),
        # nothing here under that name
        ({**ABSENT}, Cause.MISSING_TAG, "docker tag SUA_IMAGEM ana/app:latest"),
        ({**ABSENT, "names": known("app")}, Cause.MISSING_TAG, "docker tag app:latest ana/app:latest"),
        ({**ABSENT, "names": known("app:v1")}, Cause.MISSING_TAG, "docker tag app:v1 ana/app:latest"),
        ({**ABSENT, "names": known("ana/app:v2", "app")}, Cause.WRONG_TAG, "docker push ana/app:v2"),
        (
            {**ABSENT, "exact": True, "names": known("ana/app:v2")},
            Cause.WRONG_TAG,
            "docker tag SUA_IMAGEM ana/app:latest",
        ),
        (
            {**ABSENT, "exact": True, "source": SHORT, "names": known("ana/app:v2", "app")},
            Cause.WRONG_TAG,
            "docker tag app:latest ana/app:latest",
        ),
        ({**ABSENT, "tags": tags("v1", "v2")}, Cause.WRONG_TAG, "docker pull ana/app:v2"),
        (
            {**ABSENT, "exact": True, "tags": tags("v2")},
            Cause.WRONG_TAG,
            "docker tag SUA_IMAGEM ana/app:latest",
        ),
        (
            {**ABSENT, "exact": True, "names": known("anna/app:v2")},
            Cause.NEAR_MISS,
            "docker tag SUA_IMAGEM ana/app:latest",
        ),
        (
            {**ABSENT, "names": known("anna/app")},
            Cause.NEAR_MISS,
            "docker tag anna/app:latest ana/app:latest",
        ),
        ({**ABSENT, "names": known("ana/ap")}, Cause.NEAR_MISS, "docker tag ana/ap:latest ana/app:latest"),
        ({**ABSENT, "names": known("bob/app")}, Cause.MISSING_TAG, "docker tag SUA_IMAGEM ana/app:latest"),
        # other processors
        (
            {"remote": there(APP_ARM), "local": HERE},
            Cause.OTHER_PLATFORM,
            "docker push ana/app:latest",
        ),
        (
            {"remote": there(APP_ARM), "local": NOT_HERE},
            Cause.OTHER_PLATFORM,
            "docker build --platform linux/amd64 -t ana/app:latest .",
        ),
        ({"remote": there(APP_ARM, APP)}, Cause.NONE, "docker push ana/app:latest"),
        # what the login may do
        ({"grant": may("pull", "push")}, Cause.NOT_PUSHED, "docker push ana/app:latest"),
        (
            {"grant": may("pull", refusal=QUOTA)},
            Cause.OVER_QUOTA,
            "https://hub.docker.com/conta/privacidade/",
        ),
        (
            {"grant": may("pull"), "system": System(practice=False)},
            Cause.OVER_QUOTA,
            "https://hub.docker.com/repositories",
        ),
        ({"grant": may("pull"), "login": WITH_TOKEN}, Cause.TOKEN_SCOPE, "docker login -u ana"),
        (
            {"grant": may("pull", refusal=SCOPES), "login": WITH_TOKEN},
            Cause.TOKEN_SCOPE,
            "docker login -u ana",
        ),
        (
            {"grant": may("pull", refusal=QUOTA), "login": WITH_TOKEN},
            Cause.OVER_QUOTA,
            "https://hub.docker.com/conta/privacidade/",
        ),
        (
            {"grant": may("pull"), "login": WITH_TOKEN, "remote": there(APP)},
            Cause.TOKEN_SCOPE,
            "docker login -u ana",
        ),
        (
            {"grant": may("pull"), "login": WITH_TOKEN, **ABSENT, "names": known("app")},
            Cause.MISSING_TAG,
            "docker tag app:latest ana/app:latest",
        ),
        (
            {"grant": may(), "login": WITH_TOKEN, "remote": DENIED, **ABSENT},
            Cause.TOKEN_SCOPE,
            "docker login -u ana",
        ),
        ({"grant": may(), "login": BIA}, Cause.LOGGED_IN_AS_OTHER, "docker login -u ana"),
        # the clock
        ({"clock": Clock(299)}, Cause.NOT_PUSHED, "docker push ana/app:latest"),
        ({"clock": Clock(301)}, Cause.CLOCK_WRONG, "sudo timedatectl set-ntp true"),
        ({"clock": Clock(-301)}, Cause.CLOCK_WRONG, "sudo timedatectl set-ntp true"),
        (
            {"clock": Clock(9e9), "system": System(practice=False, name="darwin")},
            Cause.CLOCK_WRONG,
            "sudo sntp -sS time.apple.com",
        ),
    ],
)
def test_a_push(changes: dict[str, Any], cause: Cause, command: str) -> None:
    expect(replace(READY, **changes), cause, command)


@pytest.mark.parametrize(
    ("changes", "cause", "command"),
    [
        ({"remote": there(APP)}, Cause.NONE, "docker pull ana/app:latest"),
        (
            {"remote": there(APP_ARM)},
            Cause.OTHER_PLATFORM,
            "docker pull --platform linux/arm64 ana/app:latest",
        ),
        ({"remote": there()}, Cause.NONE, "docker pull ana/app:latest"),
        ({"tags": tags("v1", "v2", "v3", "v4", "v5", "v6")}, Cause.WRONG_TAG, "docker pull ana/app:v6"),
        ({"names": known("ana/ap")}, Cause.NEAR_MISS, "docker pull ana/ap:latest"),
        ({"remote": DENIED}, Cause.PRIVATE_OR_ABSENT, "docker search app"),
        ({"remote": DENIED, "login": NOBODY}, Cause.PRIVATE_OR_ABSENT, "docker login -u ana"),
        ({"remote": DENIED, "owner": Account("ana", exists=False)}, Cause.ABSENT, "docker search app"),
        ({}, Cause.ABSENT, "docker search app"),
    ],
)
def test_a_pull(changes: dict[str, Any], cause: Cause, command: str) -> None:
    expect(replace(PULL, **changes), cause, command)


HUB, REGISTRY = "auth.docker.io", "registry-1.docker.io"
RESTART, START, ASK = (
    ".venv/bin/lab parar && .venv/bin/lab aula",
    "sudo systemctl start docker",
    f"curl -I https://{REGISTRY}/",
)


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize(
    ("trouble", "cause", "practice", "real"),
    [
        (EngineOff("unix:///x", "Ligue."), Cause.ENGINE_OFF, RESTART, START),
        (TooSlow("uma resposta do Docker Engine", 10), Cause.ENGINE_OFF, RESTART, START),
        (RegistryUnreachable(REGISTRY, "x"), Cause.REGISTRY_OUT, RESTART, ASK),
        (TooSlow("uma resposta do registry", 15), Cause.REGISTRY_OUT, RESTART, ASK),
        (StrangeAnswer(REGISTRY, "HTML"), Cause.REGISTRY_OUT, RESTART, ASK),
        (RegistryUnreachable(HUB, "x"), Cause.HUB_OUT, RESTART, f"curl -I https://{HUB}/"),
        (HubUnreachable("hub.docker.com", "x"), Cause.HUB_OUT, RESTART, "curl -I https://hub.docker.com/"),
        *[
            (LoginRefused("ana", is_token=is_token), cause, "docker login -u ana", "docker login -u ana")
            for is_token, cause in (
                (None, Cause.LOGIN_REFUSED),
                (False, Cause.LOGIN_REFUSED),
                (True, Cause.TOKEN_REFUSED),
            )
        ],
        (
            LoginUnreadable("config.json", "x", "Entre com `docker login -u SEU_DOCKER_ID`."),
            Cause.LOGIN_UNREADABLE,
            "docker login -u SEU_DOCKER_ID",
            "docker login -u SEU_DOCKER_ID",
        ),
        (
            ClockWrong(REGISTRY, "10:00 de 01/01/1970"),
            Cause.CLOCK_WRONG,
            "sudo timedatectl set-ntp true",
            "sudo timedatectl set-ntp true",
        ),
    ],
)
def test_an_outage_comes_before_all(
    action: Action, trouble: OutOfReach, cause: Cause, practice: str, real: str
) -> None:
    for system, command in ((System(), practice), (REAL, real)):
        seen = replace(READY, action=action, trouble=trouble, login=None, remote=None, system=system)
        expect(seen, cause, command)


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        (None, "algumas horas"),
        (1, "daqui a 1 segundo"),
        (40, "daqui a 40 segundos"),
        (600, "daqui a 10 minutos"),
        (21600, "daqui a 6 horas"),
    ],
)
def test_a_pause_that_is_asked_for_is_told(wait: float | None, words: str) -> None:
    seen = replace(PULL, trouble=RateLimited(REGISTRY, wait), remote=None)
    assert words in expect(seen, Cause.RATE_LIMITED, "docker pull ana/app:latest")
    seen = replace(seen, login=NOBODY)
    assert words in expect(seen, Cause.RATE_LIMITED, "docker login -u SEU_DOCKER_ID")


@pytest.mark.parametrize(
    ("ahead", "words"),
    [(-600, "atrasado 10 minutos"), (3600, "adiantado 1 hora"), (-2e6, "atrasado 23 dias")],
)
def test_how_wrong_the_clock_is_told(ahead: float, words: str) -> None:
    assert words in diagnose(replace(PULL, clock=Clock(ahead))).sentence


def test_the_page_of_tokens_is_told() -> None:
    seen = replace(READY, login=WITH_TOKEN, grant=may("pull"), system=System(hub="http://127.0.0.1:1"))
    assert "em http://127.0.0.1:1/conta/tokens/," in diagnose(seen).sentence
    sentence = diagnose(replace(seen, system=REAL)).sentence
    assert "em https://app.docker.com/settings/personal-access-tokens," in sentence


def test_another_registry_needs_no_docker_hub_login() -> None:
    name = parse("localhost:5000/app")
    seen = Situation(
        name, Action.PUSH, login=NOBODY, local=LocalImage(name, APP), remote=RemoteImage(name, Access.DENIED)
    )
    assert "registry localhost:5000" in expect(
        seen, Cause.NOT_PUSHED, "docker push localhost:5000/app:latest"
    )
    pull = replace(seen, action=Action.PULL, local=LocalImage(name, None))
    expect(pull, Cause.ABSENT, "docker pull localhost:5000/app:latest")


def test_what_is_not_known_is_not_claimed() -> None:
    found = diagnose(Situation(NAME, Action.PUSH))
    assert found.sentence == (
        "`ana/app:latest` ainda não está no Docker Hub. Envie-a com `docker push ana/app:latest`."
    )


@pytest.mark.parametrize(
    ("changes", "push"),
    [
        ({}, True),
        ({"login": BIA}, True),  # it is here, and not there
        ({"login": BIA, "local": NOT_HERE}, False),
        ({"login": BIA, "remote": there(APP)}, False),
        ({"local": NOT_HERE}, True),
        ({"login": BIA, "local": NOT_HERE, "names": known("bia/app")}, False),
        (
            {
                "login": BIA,
                "local": NOT_HERE,
                "names": known("bia/app"),
                "owner": Account("ana", exists=False),
            },
            True,
        ),
    ],
)
def test_what_is_meant_is_told_from_what_is_there(changes: dict[str, Any], push: bool) -> None:
    assert is_push(replace(READY, **changes)) is push


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "A imagem já tem o nome certo: falta só"),
        ({"exact": True, "source": SHORT, "compared": True}, "A imagem já tem o nome certo: falta só"),
        (
            {"exact": True, "source": SHORT},
            "Dê esse nome à imagem certa com `docker tag app:latest ana/app:latest`",
        ),
        ({"exact": True, "source": READY.reference}, "Se esse nome aponta para a imagem certa, falta só"),
        ({"exact": True}, "Se esse nome aponta para a imagem certa, falta só"),
        (
            {"exact": True, **ABSENT, "names": known("ana/app:v2")},
            "Monte-a com `docker build -t ana/app:latest",
        ),
        (
            {"exact": True, **ABSENT, "source": READY.reference, "names": known("ana/app:v2")},
            "Monte-a com `docker build -t ana/app:latest",
        ),
    ],
)
def test_no_image_is_called_the_right_one_that_was_not_compared(changes: dict[str, Any], words: str) -> None:
    assert words in diagnose(replace(READY, **changes)).sentence


@pytest.mark.parametrize(
    ("system", "words"),
    [
        (System(), "as oficiais que se baixam são `busybox`, `bash` e `hello-world`"),
        (REAL, "Confira o nome letra por letra"),
    ],
)
def test_an_official_image_has_no_owner_to_ask(system: System, words: str) -> None:
    official = parse("mysql")
    seen = replace(
        PULL, reference=official, remote=RemoteImage(official, Access.DENIED), owner=None, system=system
    )
    told = diagnose(seen)
    assert (told.cause, words in told.sentence) == (Cause.ABSENT, True)


def expect(seen: Situation, cause: Cause, command: str) -> str:
    found = diagnose(seen)
    assert (found.cause, found.command) == (cause, command), found.sentence
    assert f"`{command}`" in found.sentence, "the sentence says the command"
    assert found.sentence[0] in "`" or found.sentence[0].isupper()
    assert found.sentence.endswith(".")
    assert "  " not in found.sentence
    return found.sentence
