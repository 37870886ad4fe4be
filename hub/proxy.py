"""A proxy that ends TLS in front of the hub says for whom it asks; nobody else who says so is believed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import lru_cache
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

log = logging.getLogger(__name__)
FORWARDED_FOR, FORWARDED_PROTO = "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"


def believe_trusted_proxies(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """From here on REMOTE_ADDR is the client's, for limits and for the audit log."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if is_trusted(request.META.get("REMOTE_ADDR", "")):
            request.META["REMOTE_ADDR"] = client_of(request.META)
        else:
            request.META.pop(FORWARDED_FOR, None)
            if request.META.pop(FORWARDED_PROTO, None) and settings.SECURE_SSL_REDIRECT:
                _tell_stranger(request.META.get("REMOTE_ADDR", ""))
        return get_response(request)

    return middleware


@lru_cache(maxsize=32)
def _tell_stranger(address: str) -> None:
    """Once for each: if it is the proxy, all that it passes on is sent back to where it comes from."""
    log.warning(
        "%s passa pedidos adiante e não está em HUB_TRUSTED_PROXIES: o hub não acredita no que ele diz.",
        address,
    )


def client_of(meta: Mapping[str, str]) -> str:
    """The last address of the list that is no proxy of ours: what stands before it anybody can make up."""
    address = meta.get("REMOTE_ADDR", "")
    for said in reversed(meta.get(FORWARDED_FOR, "").split(",")):
        if not is_trusted(address):
            break
        try:
            address = str(ip_address(said.strip()))
        except ValueError:
            break
    return address


def is_trusted(address: str) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in settings.HUB_TRUSTED_PROXIES)
