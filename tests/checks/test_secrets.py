"""Secrets are found wherever they are, what stands for one is left alone, and none is ever repeated."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from checks.secret_names import in_command, in_keeper, is_keeper, is_sample, masked
from checks.secrets import Kind, Scanner, Secret, find

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
BODY = "q7Rt2uYbN4mZxW8kLpVc3sHd6gJfTe9aQwXy5vKiMnBoUrPz"
TOKEN = f"dckr_pat_{BODY[:27]}"
DOCKERS = Secret(Kind.DOCKER_TOKEN, "dckr_pat_")
PASSWORD = Secret(Kind.PASSWORD)
KEY_LINE = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW"


def pem(kind: str, line: str = KEY_LINE, end: str = "\n") -> str:
    """The beginning of a private key, put together here so that this file holds none."""
    return f"-----BEGIN {kind}PRIVATE " + f"KEY-----{end}{line}{end}"


FORMS = {
    TOKEN: DOCKERS,
    f"dckr_oat_{BODY[:32]}": Secret(Kind.DOCKER_TOKEN, "dckr_oat_"),
    "dckr_pat_124509ugsdjga93": DOCKERS,  # the example of Docker Hub's own description of its API
    pem(""): Secret(Kind.PRIVATE_KEY),
    pem("RSA "): Secret(Kind.PRIVATE_KEY),
    pem("ENCRYPTED "): Secret(Kind.PRIVATE_KEY),
    pem("OPENSSH ", end="\\n"): Secret(Kind.PRIVATE_KEY),
    pem("EC ", end="\r\n"): Secret(Kind.PRIVATE_KEY),
    pem("RSA ", f"Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n{KEY_LINE}"): Secret(Kind.PRIVATE_KEY),
    pem("PGP ").replace("KEY-", "KEY BLOCK-"): Secret(Kind.PRIVATE_KEY),
    "AKIAQ3EGRZ7B2LKMN4XV": Secret(Kind.AWS_KEY, "AKIA"),
    f"ghp_{BODY[:36]}": Secret(Kind.GITHUB_TOKEN, "ghp_"),
    f"github_pat_{BODY[:22]}_{BODY}{BODY[:11]}": Secret(Kind.GITHUB_TOKEN, "github_pat_"),
    f"glpat-{BODY[:20]}": Secret(Kind.SERVICE_TOKEN, "glpat-"),
    f"xoxb-{BODY[:30]}": Secret(Kind.SERVICE_TOKEN, "xoxb-"),
    f"npm_{BODY[:36]}": Secret(Kind.SERVICE_TOKEN, "npm_"),
    f"sk-proj-{BODY}": Secret(Kind.SERVICE_TOKEN, "sk-proj-"),
    f"sk-ant-{BODY}": Secret(Kind.SERVICE_TOKEN, "sk-ant-"),
}


@pytest.mark.parametrize(("text", "secret"), FORMS.items(), ids=lambda value: str(value)[:16])
def test_every_form_is_found_in_any_bytes(text: str, secret: Secret) -> None:
    for around in (b"%s", b"\0\x7fELF %s \xff", b"token = '%s'\n", b"\n%s\n"):
        assert find(around % text.encode()) == {secret}


@pytest.mark.parametrize(
    "text",
    [
        "dckr_pat_", "dckr_pat_XXXXXXXXXXXXXXXXXXXXXXXXXXX", "dckr_pat_abcdefghijklmnopqrst", "dckr_pat_…",
        "dckr_pat_seu-token-exemplo-aqui", "AKIAIOSFODNN7EXAMPLE", "XAKIAQ3EGRZ7B2LKMN4XV", "ghp_" + "x" * 36,
        "-----BEGIN RSA PRIVATE " + "KEY-----", "-----BEGIN PRIVATE " + "KEY-----\n...\n", "CERTIFICATE",
        "-----END PRIVATE " + "KEY-----\n-----BEGIN CERTIFICATE-----\n" + KEY_LINE,
    ],
)  # fmt: skip
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert find(text.encode()) == frozenset()


@given(
    before=st.binary(max_size=3000),
    after=st.binary(max_size=3000),
    text=st.sampled_from(sorted(FORMS)),
    cuts=st.lists(st.integers(1, 2500), min_size=1, max_size=12),
)
def test_a_token_split_over_the_borders_of_chunks_is_found(
    before: bytes, after: bytes, text: str, cuts: list[int]
) -> None:
    content = before + b"\n" + text.encode() + b"\n" + after
    scanner, at = Scanner(), 0
    while at < len(content):
        size = cuts[at % len(cuts)]
        scanner.feed(content[at : at + size])
        at += size
    assert scanner.finish() == find(content) >= {FORMS[text]}


@given(st.integers(2000, 2100), st.sampled_from(["AKIAQ3EGRZ7B2LKMN4XV", f"npm_{BODY[:36]}"]))
def test_the_character_before_a_border_is_not_forgotten(at: int, text: str) -> None:
    """In the middle of a word it is no key, wherever the chunks are cut."""
    content = b" " * at + b"Z" + text.encode() + b" " * 4000
    scanner = Scanner()
    for start in range(0, len(content), at + 1):
        scanner.feed(content[start : start + at + 1])
    assert scanner.finish() == find(content) == frozenset()


NAMED = [
    "ENV DB_PASSWORD=hunter2x", "/bin/sh -c #(nop)  ARG TOKEN=q1w2e3r4", "|1 API_KEY=q1w2e3 /bin/sh -c make",
    "RUN /bin/sh -c export SENHA='boa noite' && x # buildkit", "docker login -u ana -p minhaboa1",
    "docker login -u ana --password minhaboa1", "docker login --password=minhaboa1", 'senha = "minhaboa1"',
    "echo minhaboa1 | docker login -u ana --password-stdin", "curl -u ana:minhaboa1 https://x",
    "git clone https://ana:minhaboa1@host/x", "curl -H 'Authorization: Bearer q1w2e3r4t5'",
    '{"password": "minhaboa1"}', "MYSQL_ROOT_PASSWORD=1234", "AWS_SECRET_ACCESS_KEY=q1w2e3r4",
    f"RUN echo {TOKEN} > /t",
]  # fmt: skip
PLACEHOLDERS = [
    'ENV PASSWORD=""', "ENV PASSWORD=", "ENV PASSWORD=changeme", "ARG TOKEN", "ENV SECRET_KEY=<sua-chave>",
    "ENV POSTGRES_PASSWORD_FILE=/run/secrets/senha", "ENV DB_PASSWORD=/run/secrets/db", "ENV TOKEN=${TOKEN}",
    "RUN export TOKEN=$(cat /run/secrets/t)", "docker login -u SEU_DOCKER_ID", "docker login -p $SENHA",
    "docker login -u ana --password-stdin < senha.txt", "echo $TOKEN | docker login --password-stdin",
    "https://ana:$SENHA@host", "adduser --disabled-password ana", "ENV ALLOW_EMPTY_PASSWORD=yes",
    "ENV GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568", "ENV PWD=/app", "MAX_TOKEN=4096",
    'password = getpass("Senha: ")', 'token = os.environ["TOKEN"]', "PASSWORD=sua_senha", "TOKEN=xxxxxxxx",
    "docker login https://hub.docker.com:443", "BYPASS=sim123", "a senha: 8 letras ou mais",
    "Using --password via the CLI is insecure",
]  # fmt: skip


@pytest.mark.parametrize("text", NAMED)
def test_a_secret_is_known_by_its_name(text: str) -> None:
    assert in_command(text)
    shown = masked(text)
    assert "…" in shown
    assert not any(
        part in shown for part in ("hunter2x", "q1w2e3", "minhaboa1", "boa noite", "1234", BODY[:8])
    )


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_what_stands_for_a_secret_is_left_alone(text: str) -> None:
    assert in_command(text) == frozenset()
    assert masked(text) == text


@given(
    st.text(LETTERS, min_size=12, max_size=500),
    st.sampled_from(["ARG TOKEN=", "docker login -p ", "x dckr_pat_"]),
)
@example(LETTERS * 8, "ARG TOKEN=")
def test_what_is_masked_shows_nothing_of_the_secret(secret: str, before: str) -> None:
    shown = masked(f"RUN a && {before}{secret} && b")
    if shown != f"RUN a && {before}{secret} && b":
        assert not any(secret[at : at + 9] in shown for at in range(len(secret) - 8))


def test_of_a_private_key_nothing_is_left() -> None:
    assert KEY_LINE[-5:] not in masked(f"RUN echo '{pem('')}{KEY_LINE}' > k")


@pytest.mark.parametrize("text", ["\ud800 TOKEN=q1w2e3r4", "é" * 500 + " SENHA=q1w2e3r4"])
def test_any_text_can_be_looked_at(text: str) -> None:
    assert in_command(text) == {PASSWORD}
    assert "q1w2" not in masked(text)


@pytest.mark.parametrize(
    ("path", "content", "found"),
    [
        ("app/.env", "DEBUG=1\nDB_PASSWORD=q1w2e3\n", {PASSWORD}),
        ("app/.env.local", "API_TOKEN='q1w2e3r4'", {PASSWORD}),
        ("prod.env", "SECRET_KEY=q1w2e3r4", {PASSWORD}),
        ("app/.env", "DB_PASSWORD=\nTOKEN=changeme\nPORT=80", set()),
        (
            "root/.docker/config.json",
            '{"auths": {"x": {"auth": "YW5hOnNlbmhhYm9h"}}}',
            {Secret(Kind.REGISTRY_LOGIN)},
        ),
        ("root/.docker/config.json", '{"auths": {"x": {}}, "credsStore": "desktop"}', set()),
        ("root/.npmrc", "//npm.exemplo.com/:_authToken=q1w2e3r4t5", {Secret(Kind.SERVICE_TOKEN)}),
        ("root/.npmrc", "//npm.exemplo.com/:_authToken=${NPM_TOKEN}", set()),
        ("home/ana/.netrc", "machine x login ana password q1w2e3", {PASSWORD}),
        ("root/.pgpass", "host:5432:db:ana:q1w2e3", {PASSWORD}),
        ("root/.git-credentials", "https://ana:q1w2e3@github.com", {PASSWORD}),
        ("root/.pypirc", "[pypi]\nusername = ana\npassword = q1w2e3", {PASSWORD}),
    ],
)
def test_files_that_keep_secrets(path: str, content: str, found: set[Secret]) -> None:
    assert is_keeper(path)
    assert in_keeper(path, content.encode()) == found


def test_a_sample_file_keeps_none() -> None:
    assert not any(is_keeper(path) for path in ("app/.env.example", "app/config.json", "env", "app/.envrc"))
    assert is_sample("usr/lib/python3/dist-packages/x/tests/key.pem", Secret(Kind.PRIVATE_KEY))
    assert not is_sample("app/tests/key.pem", Secret(Kind.PRIVATE_KEY))
    assert not is_sample("usr/share/doc/x", DOCKERS)
