"""What is to be sent: a row for each webhook of a repository that was pushed to."""

from __future__ import annotations

import logging
import threading
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from checks.reference import OFFICIAL
from hub.repositories.models import Repository
from hub.repositories.names import RepositoryName
from hub.webhooks.models import Delivery, State, Webhook

log = logging.getLogger(__name__)
MOST_WAITING = 50  # of each webhook
KEPT = 20  # of each webhook
news = threading.Event()  # wakes the sender of this process; others look by themselves


def tell_push(name: RepositoryName, tag: str, at: datetime, pusher: str, event_id: str) -> None:
    """Queues it, once for each event; nothing is sent here."""
    webhooks = Webhook.objects.filter(repository__namespace=name.namespace, repository__name=name.name)
    for webhook in webhooks.select_related("repository"):
        if webhook.deliveries.filter(state=State.WAITING).count() >= MOST_WAITING:
            log.warning("O webhook %s de %s tem entregas demais esperando: esta não vai.", webhook.pk, name)
            continue
        sent = payload(webhook.repository, tag, at, pusher)
        Delivery.objects.get_or_create(webhook=webhook, event_id=event_id, defaults={"payload": sent})
        _forget_old(webhook)
        news.set()


def payload(repository: Repository, tag: str, at: datetime, pusher: str) -> dict[str, Any]:
    """With the keys of Docker Hub's example; those without meaning here have its kind of empty value."""
    path = [repository.namespace, repository.name]
    return {
        "callback_url": settings.HUB_WEB_URL
        + reverse("webhooks", args=path),  # nobody answers to it any more
        "push_data": {"pushed_at": int(at.timestamp()), "pusher": pusher, "tag": tag},
        "repository": {
            "comment_count": 0,
            "date_created": int(repository.created_at.timestamp()),
            "description": repository.description,
            "dockerfile": "",
            "full_description": repository.full_description,
            "is_official": repository.namespace == OFFICIAL,
            "is_private": repository.is_private,
            "is_trusted": False,
            "name": repository.name,
            "namespace": repository.namespace,
            "owner": repository.namespace,
            "repo_name": repository.full_name,
            "repo_url": settings.HUB_WEB_URL + reverse("repository", args=path),
            "star_count": 0,
            "status": "Active",
        },
    }


def _forget_old(webhook: Webhook) -> None:
    old = webhook.deliveries.exclude(state=State.WAITING).values_list("pk", flat=True)[KEPT:]
    Delivery.objects.filter(pk__in=list(old)).delete()
