"""How many requests a check will make at most, told before it makes any; pure.

It is what checks.registry and checks.hub_api do for the facts that the rules of a unit ask for, and for the
second look at an image that is not where it should be. For images of one platform, and when nothing has to
be tried again: an index costs more for each of its platforms, and a layer never seen is read once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from checks import second_look
from checks.diagnosis import Action, Situation
from checks.image import (
    AccountRequest,
    AnswerRequest,
    ClockRequest,
    ContainerRequest,
    GrantRequest,
    HistoryRequest,
    LocalImageRequest,
    LocalLeaksRequest,
    LocalNamesRequest,
    LoginRequest,
    MarkRequest,
    NotebookLeaksRequest,
    PublicImageRequest,
    RemoteImageRequest,
    RemoteLeaksRequest,
    RemoteTagsRequest,
    RepositoryRequest,
    Request,
)
from checks.needs import needs_of
from checks.unit import Unit

# Costs do not depend on who asks, but a Docker ID is needed to fill in the names.
_SOMEBODY = "aluno"
Look = RemoteImageRequest | PublicImageRequest | RemoteLeaksRequest
_LOOKS = (RemoteImageRequest, PublicImageRequest, RemoteLeaksRequest)
_DOCUMENTS = 2  # a manifest and its configuration, shared by all who look at a name


@dataclass(frozen=True)
class Budget:
    """Requests at most: to the registry; of those, counted as pulls by Docker Hub; to Docker Hub's API."""

    registry: int = 0
    pulls: int = 0
    hub: int = 0

    def __add__(self, other: Budget) -> Budget:
        return Budget(self.registry + other.registry, self.pulls + other.pulls, self.hub + other.hub)

    @property
    def sentence(self) -> str:
        """For people."""
        if not self.registry and not self.hub:
            return "Esta verificação não faz nenhuma consulta ao Docker Hub: só olha este computador."
        return (
            f"Consultas ao registry, no máximo: {self.registry}. "
            f"Delas, contam no limite de downloads do Docker Hub, no máximo: {self.pulls}. "
            f"Consultas à API do Docker Hub, no máximo: {self.hub}. "
            "A conta é para imagens de uma só plataforma; uma camada que nunca foi vista é lida uma vez, "
            "e isso não conta como download."
        )


# Of each fact that needs no look at an image. A private repository is asked for again, after a sign-in.
COSTS: Mapping[type, Budget] = {
    RemoteTagsRequest: Budget(registry=1),
    ClockRequest: Budget(registry=1),
    GrantRequest: Budget(registry=1),
    AccountRequest: Budget(hub=1),
    RepositoryRequest: Budget(hub=3),
    **dict.fromkeys(
        (
            AnswerRequest,
            ContainerRequest,
            HistoryRequest,
            LocalImageRequest,
            LocalLeaksRequest,
            LocalNamesRequest,
            LoginRequest,
            MarkRequest,
            NotebookLeaksRequest,
        ),
        Budget(),
    ),
}


def of(units: Iterable[Unit]) -> Budget:
    """Of checking these units once, for one learner."""
    return sum((of_requests(_first(unit)) for unit in units), Budget())


def _first(unit: Unit) -> Iterable[Request]:
    for check in unit.checks:
        yield from needs_of(check, _SOMEBODY, unit.id).requests.values()


def of_requests(first: Iterable[Request]) -> Budget:
    """Of fetching these facts in one run, and of the second look at each image among them."""
    asked = set(first)
    for request in list(asked):
        if isinstance(request, (*_LOOKS, RemoteTagsRequest)):
            asked |= set(second_look.missing(Situation(request.reference, Action.PUSH)).values())
    looks = [request for request in asked if isinstance(request, _LOOKS)]
    others = (COSTS[type(request)] for request in asked if not isinstance(request, _LOOKS))
    return sum(others, _of_looks(looks))


def _of_looks(looks: Sequence[Look]) -> Budget:
    """Each asks for the name itself; what it leads to is fetched once for all."""
    images = len({look.reference for look in looks})
    # The first request of each reader goes twice, once to hear where tokens come from.
    readers = len({isinstance(look, PublicImageRequest) for look in looks})
    return Budget(registry=len(looks) + _DOCUMENTS * images + readers, pulls=images)
