"""The map of the practice hub: who answers at each address."""

from __future__ import annotations

from django.urls import include, path, re_path

from hub.api.errors import nowhere

urlpatterns = [
    path("", include("hub.pages.urls")),
    path("", include("hub.webhooks.urls")),
    path("", include("hub.accounts.urls")),
    path("", include("hub.audit.urls")),
    path("", include("hub.tokens.urls")),
    path("", include("hub.classroom.urls")),
    path("correio/", include("hub.inbox.urls")),
    path("", include("hub.api.urls")),  # before `v2/users/…`, which would take `login` for a name
    path("", include("hub.repositories.urls")),
    path("", include("hub.registry.urls")),
    re_path("^v2/", nowhere),
]

handler400 = "hub.pages.errors.bad_request"
handler403 = "hub.pages.errors.forbidden"
handler404 = "hub.pages.errors.not_found"
handler500 = "hub.pages.errors.server_error"
