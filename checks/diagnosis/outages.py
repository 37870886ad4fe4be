"""Nothing could be asked, or nothing can be believed: an outage, a limit, a login, a clock."""

from __future__ import annotations

from checks.diagnosis.situation import Cause, Diagnosis, Situation, System
from checks.errors import (
    ClockWrong,
    EngineOff,
    HubUnreachable,
    LoginRefused,
    LoginUnreadable,
    OutOfReach,
    RateLimited,
)

SKEW = 300.0  # seconds; with more, certificates and tokens begin to look expired or not valid yet
_HUB_HOSTS = ("hub.docker.com", "auth.docker.io")
_RESTART = ".venv/bin/lab parar && .venv/bin/lab aula"  # `lab` alone is on the PATH of the lab only
_START_ENGINE = {"linux": "sudo systemctl start docker", "darwin": "open -a Docker"}
_SET_CLOCK = {"darwin": "sudo sntp -sS time.apple.com", "win32": "w32tm /resync"}


def outage(seen: Situation) -> Diagnosis | None:
    match seen.trouble:
        case None:
            return None
        case EngineOff():
            return _engine_off(seen)
        case ClockWrong():
            return _clock(seen, f"pelo relógio deste computador são {seen.trouble.now}")
        case RateLimited():
            return _rate_limited(seen, seen.trouble)
        case LoginRefused():
            return _login_refused(seen, seen.trouble)
        case LoginUnreadable():
            return _login_unreadable(seen, seen.trouble)
    return _out(seen, seen.trouble)


def wrong_clock(seen: Situation) -> Diagnosis | None:
    if seen.clock is None or abs(seen.clock.ahead) <= SKEW:
        return None
    side = "adiantado" if seen.clock.ahead > 0 else "atrasado"
    return _clock(seen, f"o relógio deste computador está {side} {_duration(abs(seen.clock.ahead))}")


def _engine_off(seen: Situation) -> Diagnosis:
    command = (
        _RESTART if seen.system.practice else _START_ENGINE.get(seen.system.name, "docker desktop start")
    )
    where = ", num terminal do seu computador, na pasta do curso" if seen.system.practice else ""
    return Diagnosis(
        Cause.ENGINE_OFF,
        f"O Docker Engine está desligado, e sem ele não há como rodar `{seen.command}`. "
        f"Ligue-o{where}: `{command}`.",
        command,
    )


def _clock(seen: Situation, finding: str) -> Diagnosis:
    command = _SET_CLOCK.get(seen.system.name, "sudo timedatectl set-ntp true")
    return Diagnosis(
        Cause.CLOCK_WRONG,
        f"A hora não confere: {finding}. Com a hora errada, certificados e permissões parecem vencidos ou "
        f"ainda não valem. Acerte o relógio com `{command}` e repita `{seen.command}`.",
        command,
    )


def _duration(seconds: float) -> str:
    for size, one, many in ((86_400, "dia", "dias"), (3600, "hora", "horas")):
        if seconds >= size:
            count = round(seconds / size)
            return f"{count} {one if count == 1 else many}"
    return f"{round(seconds / 60)} minutos"


def _rate_limited(seen: Situation, trouble: RateLimited) -> Diagnosis:
    when = f"daqui a {_pause(trouble.wait)}" if trouble.wait else "daqui a algumas horas"
    told = f"O Docker Hub pediu uma pausa: houve downloads ou consultas demais (429 em {trouble.host})."
    if seen.login is not None and seen.login.docker_id is None:
        command = "docker login -u SEU_DOCKER_ID"
        return Diagnosis(
            Cause.RATE_LIMITED,
            f"{told} Quem entra com a própria conta tem um limite maior: entre com `{command}`, ou espere "
            f"e repita {when}.",
            command,
        )
    return Diagnosis(
        Cause.RATE_LIMITED,
        f"{told} Nada está errado no seu trabalho: repita `{seen.command}` {when}.",
        seen.command,
    )


def _pause(seconds: float) -> str:
    if seconds < 120:
        return f"{max(1, round(seconds))} segundos" if seconds >= 1.5 else "1 segundo"
    minutes = -(-seconds // 60)
    return f"{minutes:.0f} minutos" if minutes < 120 else f"{-(-seconds // 3600):.0f} horas"


def _login_refused(seen: Situation, trouble: LoginRefused) -> Diagnosis:
    command = f"docker login -u {trouble.docker_id}"
    refused = f"O Docker Hub não aceitou o login guardado de `{trouble.docker_id}`: {trouble.reason}."
    if trouble.is_token:
        return Diagnosis(
            Cause.TOKEN_REFUSED,
            f"{refused} Crie outro em {seen.system.tokens_page}, entre com ele por `{command}` e repita "
            f"`{seen.command}`.",
            command,
        )
    return Diagnosis(
        Cause.LOGIN_REFUSED,
        f"{refused} Entre de novo com `{command}` e repita `{seen.command}`.",
        command,
    )


def _login_unreadable(seen: Situation, trouble: LoginUnreadable) -> Diagnosis:
    return Diagnosis(Cause.LOGIN_UNREADABLE, str(trouble), "docker login -u SEU_DOCKER_ID")


def _out(seen: Situation, trouble: OutOfReach) -> Diagnosis:
    host = str(getattr(trouble, "host", "") or getattr(trouble, "place", ""))
    if "Engine" in host:
        return _engine_off(seen)
    if not host or " " in host:  # whoever waited for the answer knows only what was asked
        host = "registry-1.docker.io" if seen.reference.on_docker_hub else seen.reference.registry
    is_hub = isinstance(trouble, HubUnreachable) or host in _HUB_HOSTS
    cause = Cause.HUB_OUT if is_hub else Cause.REGISTRY_OUT
    who = f"O serviço de contas do Docker Hub ({host})" if is_hub else f"O registry ({host})"
    return Diagnosis(
        cause,
        f"{who} está fora de alcance agora, e isso não depende de você. {_way_back(seen.system, host)} e "
        f"depois repita `{seen.command}`.",
        _mend(seen.system, host),
    )


def _way_back(system: System, host: str) -> str:
    start = (
        "Religue o laboratório, num terminal fora dele, com" if system.practice else "Confira a conexão com"
    )
    return f"{start} `{_mend(system, host)}`"


def _mend(system: System, host: str) -> str:
    return _RESTART if system.practice else f"curl -I https://{host}/"
