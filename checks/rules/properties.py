"""Rules about how an image was made: label, variable, user, command, port, size, layers, build steps.

All but the build steps exist twice, `label` for the registry's image and `local_label` for the
engine's. The engine tells the steps only when asked once more, which every local check would pay.
"""

from __future__ import annotations

import json
from typing import Annotated

from checks.rules.base import Count, Fits, Verdict, failed, passed, unverifiable
from checks.rules.both import Seen, on_both, on_remote
from checks.rules.words import listed, megabytes, shown
from checks.secret_names import in_variable, masked

_PROTOCOLS = ("tcp", "udp", "sctp")


@on_both("A imagem no Docker Hub tem o rótulo pedido", "A imagem do seu computador tem o rótulo pedido")
def label(seen: Seen, name: str, value: str = "") -> Verdict:
    """The label `name`, with any value or with this one."""
    labels = dict(seen.image.run.labels)
    line = f'`LABEL {name}="{value or "VALOR"}"`'
    if name not in labels:
        return failed(f"{seen.it} não tem o rótulo `{name}`. Ponha {line} no Dockerfile.")
    found = labels[name]
    if value and found != value:
        return failed(
            f"{seen.it} tem o rótulo `{name}` com {_value(name, found)}, e o valor pedido é `{value}`. "
            f"Escreva {line} no Dockerfile."
        )
    return passed(f"{seen.it} tem o rótulo `{name}`, com {_value(name, found)}.")


@on_both(
    "A imagem no Docker Hub define a variável pedida", "A imagem do seu computador define a variável pedida"
)
def env(seen: Seen, name: str, value: str = "") -> Verdict:
    """The environment variable `name`, with any value or with this one."""
    variables = dict(_pair(line) for line in seen.image.run.env)
    line = f'`ENV {name}="{value or "VALOR"}"`'
    if name not in variables:
        return failed(f"{seen.it} não define a variável `{name}`. Ponha {line} no Dockerfile.")
    if value and variables[name] != value:
        return failed(
            f"{seen.it} define a variável `{name}` com {_value(name, variables[name])}, e o valor pedido é "
            f"`{value}`. Escreva {line} no Dockerfile."
        )
    return passed(f"{seen.it} define a variável `{name}`.")


@on_both("A imagem no Docker Hub não roda como root", "A imagem do seu computador não roda como root")
def user(seen: Seen, name: str = "") -> Verdict:
    """Runs as somebody else than root, or as this very user; the group does not matter."""
    found = seen.image.run.user.partition(":")[0] or "root"
    if name and found != name:
        return failed(
            f"{seen.it} está feita para rodar como {_quoted(found)}, e o usuário pedido é `{name}`. "
            f"Ponha `USER {name}` no fim do Dockerfile."
        )
    if not name and _is_root(found):
        return failed(
            f"{seen.it} está feita para rodar como root, que pode tudo dentro do contêiner. Ponha "
            "`USER 1000`, ou outro usuário que não seja o root, no fim do Dockerfile."
        )
    return passed(f"{seen.it} está feita para rodar como {_quoted(found)}.", user=found)


@on_both(
    "A imagem no Docker Hub tem o ENTRYPOINT pedido", "A imagem do seu computador tem o ENTRYPOINT pedido"
)
def entrypoint(seen: Seen, command: tuple[str, ...]) -> Verdict:
    """The program that a container starts, word by word."""
    return _command(seen, "ENTRYPOINT", seen.image.run.entrypoint, command)


@on_both("A imagem no Docker Hub tem o CMD pedido", "A imagem do seu computador tem o CMD pedido")
def cmd(seen: Seen, command: tuple[str, ...]) -> Verdict:
    """The command, or the arguments of the entrypoint, word by word."""
    return _command(seen, "CMD", seen.image.run.cmd, command)


@on_both("A imagem no Docker Hub expõe a porta pedida", "A imagem do seu computador expõe a porta pedida")
def exposed_port(
    seen: Seen,
    port: Annotated[int, Fits(range(1, 65536).__contains__, "uma porta, de 1 a 65535")],
    protocol: Annotated[str, Fits(_PROTOCOLS.__contains__, "`tcp`, `udp` ou `sctp`")] = "tcp",
) -> Verdict:
    """The port that `EXPOSE` declares; publishing it is another matter."""
    wanted = f"{port}/{protocol}"
    ports = [text if "/" in text else f"{text}/tcp" for text in seen.image.run.exposed_ports]
    line = f"`EXPOSE {port if protocol == 'tcp' else wanted}`"
    if not ports:
        return failed(f"{seen.it} não expõe nenhuma porta. Ponha {line} no Dockerfile.")
    if wanted not in ports:
        found = listed(map(shown, ports))
        return failed(
            f"{seen.it} não expõe a porta `{wanted}`; o que ela expõe é {found}. Ponha {line} no Dockerfile."
        )
    return passed(f"{seen.it} expõe a porta `{wanted}`.")


@on_both(
    "A imagem no Docker Hub não passa do tamanho pedido",
    "A imagem do seu computador não passa do tamanho pedido",
)
def size(seen: Seen, at_most_mb: Count) -> Verdict:
    """In millions of bytes: of the compressed layers in a registry, as it says itself in an engine."""
    if seen.image.size is None:
        return unverifiable(f"{seen.it} não diz quanto ocupa, então não há o que medir.")
    found = megabytes(seen.image.size)
    if seen.image.size > at_most_mb * 1_000_000:
        return failed(
            f"{seen.it} ocupa {found}, e o máximo pedido é {at_most_mb} MB. Comece de uma imagem base menor "
            "no `FROM` e copie só o que é preciso, deixando o resto no `.dockerignore`."
        )
    return passed(f"{seen.it} ocupa {found}.", bytes=str(seen.image.size))


@on_both(
    "A imagem no Docker Hub não passa do número de camadas pedido",
    "A imagem do seu computador não passa do número de camadas pedido",
)
def layers(seen: Seen, at_most: Count) -> Verdict:
    found = len(seen.image.diff_ids)
    if found > at_most:
        return failed(
            f"{seen.it} tem {found} camadas, e o máximo pedido é {at_most}. Junte os comandos num só `RUN`, "
            "com `&&`, e os arquivos num só `COPY`."
        )
    return passed(f"{seen.it} não passa do máximo de camadas, que é {at_most}.", layers=str(found))


@on_remote("A imagem no Docker Hub foi feita com o passo pedido")
def build_step(seen: Seen, text: str) -> Verdict:
    """A step of the build has this text, whatever its case and spaces."""
    if not seen.image.history:
        return _no_history(seen)
    if not _steps_with(seen, text):
        return failed(f"{seen.it} não tem nenhum passo do build com `{text}`. Ponha-o no Dockerfile.")
    return passed(f"{seen.it} foi feita com o passo `{text}`.")


@on_remote("A imagem no Docker Hub foi feita sem o passo proibido")
def no_build_step(seen: Seen, text: str) -> Verdict:
    """No step of the build has this text. The step is not shown: it may hold what has to stay secret."""
    if not seen.image.history:
        return _no_history(seen)
    if found := _steps_with(seen, text):
        return failed(
            f"{seen.it} tem `{text}` nos passos do build, e não devia. Os passos com ele, contados do mais "
            f"antigo: {', '.join(map(str, found))}. Tire-o do Dockerfile ou mude a imagem do `FROM`."
        )
    return passed(f"{seen.it} não tem `{text}` em nenhum passo do build.")


def _command(seen: Seen, instruction: str, found: tuple[str, ...], wanted: tuple[str, ...]) -> Verdict:
    line = f"`{instruction} {json.dumps(wanted, ensure_ascii=False)}`"
    if not found:
        return failed(f"{seen.it} não tem `{instruction}`. Ponha {line} no Dockerfile.")
    told = _quoted(masked(json.dumps(found, ensure_ascii=False)))
    if found != wanted:
        return failed(
            f"{seen.it} tem {told} no `{instruction}`, e não o pedido. Escreva {line} no Dockerfile."
        )
    return passed(f"{seen.it} tem {told} no `{instruction}`.")


def _no_history(seen: Seen) -> Verdict:
    return failed(
        f"{seen.it} não guarda os passos do build, então não dá para ver como foi feita. Escreva todos num "
        "Dockerfile."
    )


def _steps_with(seen: Seen, text: str) -> list[int]:
    """The steps with a text, counted from one."""
    wanted = _plain(text)
    return [at for at, step in enumerate(seen.image.history, start=1) if wanted in _plain(step)]


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _is_root(name: str) -> bool:
    return name == "root" or not name.strip("0")


def _pair(line: str) -> tuple[str, str]:
    name, _, value = line.partition("=")
    return name, value


def _value(name: str, found: str) -> str:
    """What a learner may have hidden in an image is not repeated in a report."""
    return "um valor que parece secreto" if in_variable(name, found) else f"o valor {_quoted(found)}"


def _quoted(found: str) -> str:
    return f"`{shown(found)}`" if found else "vazio"
