"""Everything that can go wrong in a check, as one tree; each message says what, where and what to do.

CourseError
├── BadReference            the name of an image breaks Docker's grammar
├── BadUnit                 unit.toml or a case is malformed: a fault of the course
├── BadDocument             a receipt or a progress file that cannot be used
└── OutOfReach              a fact could not be had: never the learner's failure
    ├── EngineOff           the Docker Engine does not answer
    ├── RegistryUnreachable the registry does not answer, or answers with a fault of its own
    ├── HubUnreachable      the same, of Docker Hub's HTTP API
    ├── RateLimited         429: too many requests for now
    ├── TooSlow             nothing came within the time a learner will wait
    ├── StrangeAnswer       an answer came that cannot be believed (HTML, wrong digest, too big, endless)
    ├── ClockWrong          this machine's clock and the certificate's dates do not agree
    ├── LoginUnreadable     the file or helper of `docker login` cannot be read
    ├── LoginRefused        the stored password or token is no longer accepted
    └── NoClassSecret       the secret that learners' marks are made of is not here

The text of an error is a whole Portuguese sentence, ready to be shown to the learner.
"""

from pathlib import Path


class CourseError(Exception):
    """Any problem that this course can explain."""


class BadReference(CourseError):  # noqa: N818
    """A name that Docker would refuse: which part of it is wrong, why, and the nearest name that works."""

    def __init__(self, text: str, part: str, reason: str, nearest: str | None = None) -> None:
        """`part` is one of "name", "registry", "repository", "tag" or "digest"."""
        self.text = text
        self.part = part
        self.reason = reason
        self.nearest = nearest
        # A name may hold anything at all: what is shown is short and on one line.
        shown = text if text.isprintable() else ascii(text)[1:-1]
        shown = shown if len(shown) <= 80 else f"{shown[:77]}…"
        mend = f"; use `{nearest}`" if nearest else ""
        where = f"`{shown}`: " if text else ""
        super().__init__(f"{where}{reason}{mend}.")


class BadUnit(CourseError):  # noqa: N818
    """A malformed file of the course: the message names the file, the entry and the mend."""


class BadDocument(CourseError):  # noqa: N818
    """A file that was handed in or brought from elsewhere, and is not what it should be."""

    def __init__(self, path: Path, problem: str) -> None:
        self.path = path
        self.problem = problem
        super().__init__(f"{path} {problem}.")


class OutOfReach(CourseError):  # noqa: N818
    """A fact could not be had now, so nothing can be said about the learner's work."""


class EngineOff(OutOfReach):
    """The Docker Engine does not answer."""

    def __init__(self, address: str, mend: str) -> None:
        self.address = address
        super().__init__(f"O Docker Engine não respondeu em {address}. {mend}")


class RegistryUnreachable(OutOfReach):
    """The registry does not answer, or answers with a fault of its own."""

    def __init__(self, host: str, detail: str) -> None:
        self.host = host
        super().__init__(f"O registry {host} não pôde ser consultado: {detail}. {_AGAIN}")


class HubUnreachable(OutOfReach):
    """Docker Hub's HTTP API does not answer, or answers with a fault of its own."""

    def __init__(self, host: str, detail: str) -> None:
        self.host = host
        super().__init__(f"O Docker Hub em {host} não pôde ser consultado: {detail}. {_AGAIN}")


class RateLimited(OutOfReach):
    """429: too many requests for now."""

    def __init__(self, host: str, wait: float | None = None) -> None:
        self.host = host
        self.wait = wait
        when = f"daqui a {wait:.0f} s" if wait else "daqui a alguns minutos"
        super().__init__(
            f"{host} pediu uma pausa: houve consultas demais (429). Verifique de novo {when}; "
            "você não perde pontos por isso."
        )


class TooSlow(OutOfReach):
    """Nothing came within the time a learner will wait."""

    def __init__(self, place: str, seconds: float) -> None:
        self.place = place
        self.seconds = seconds
        super().__init__(f"Esperei {seconds:.0f} s por {place} e a resposta não veio. {_AGAIN}")


class StrangeAnswer(OutOfReach):
    """An answer that cannot be believed."""

    def __init__(self, host: str, detail: str) -> None:
        self.host = host
        super().__init__(
            f"{host} respondeu algo em que não dá para confiar: {detail}. "
            "Verifique de novo; se continuar, avise quem mantém o laboratório."
        )


class ClockWrong(OutOfReach):
    """A certificate is not valid yet, or no longer, by this machine's clock."""

    def __init__(self, host: str, now: str) -> None:
        self.host = host
        self.now = now
        super().__init__(
            f"Pelo relógio deste computador são {now}, e nessa data o certificado de {host} não vale. "
            f"Acerte a data e a hora do computador e verifique de novo; {_NO_LOSS}."
        )


class LoginUnreadable(OutOfReach):
    """What `docker login` stored cannot be read."""

    def __init__(self, where: Path | str, detail: str, mend: str) -> None:
        self.where = where
        super().__init__(f"Não consegui ler o seu login em {where}: {detail}. {mend}")


class LoginRefused(OutOfReach):
    """The stored password or token is no longer accepted."""

    def __init__(self, docker_id: str, answer: str = "", *, is_token: bool | None = None) -> None:
        """`answer`: the service's own words; `is_token`: None when nobody knows what was stored."""
        self.docker_id = docker_id
        self.answer = answer
        self.is_token = is_token
        super().__init__(
            f"O login guardado de {docker_id} não foi aceito: {self.reason}. "
            f"Entre de novo com `docker login -u {docker_id}`."
        )

    @property
    def reason(self) -> str:
        """A clause that says what is wrong with it, as far as the service told."""
        if self.is_token is None:
            return "a senha está errada ou mudou, ou o token venceu, foi desativado ou foi apagado"
        if not self.is_token:
            return "a senha está errada ou mudou"
        # What Docker Hub says of one: https://github.com/sailor-sh/CK-X/issues/60.
        if "token is expired" in self.answer:
            return "o token de acesso venceu"
        if "token is inactive" in self.answer:
            return "o token de acesso está desativado"
        return "o token de acesso venceu, foi desativado ou foi apagado"


class NoClassSecret(OutOfReach):
    """The secret that learners' marks are made of is not here, or cannot be read."""

    def __init__(self, path: Path | None, detail: str) -> None:
        self.path = path
        if path is None:
            super().__init__(
                "Não sei qual é a sua marca: ela nasce do segredo da turma, que fica no laboratório, e este "
                "comando está fora dele. Entre no laboratório com `lab terminal` e repita."
            )
        else:
            super().__init__(
                f"Não sei qual é a sua marca: o segredo da turma, em {path}, não pôde ser lido ({detail}). "
                "Confira a variável CLASS_SECRET_FILE; sem ela, `lab parar` e depois `lab aula` fazem outro."
            )


_NO_LOSS = "você não perde pontos por isso"
_AGAIN = "Verifique de novo em alguns instantes; se continuar, veja o que `lab status` diz."
