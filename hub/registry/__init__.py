"""The hub's side of the registry: auth.docker.io's tokens, notifications, and the rebuild of repositories.

The registry (2.8 or 3.x) must be configured with the very names below:

    auth:
      token:
        realm: https://auth.docker.io/token
        service: registry.docker.io                  # SERVICE
        issuer: auth.docker.io                       # ISSUER
        rootcertbundle: <the file HUB_TOKEN_CERT_FILE names>
    notifications:
      endpoints:
        - name: hub
          url: http://<address of the hub>:8000/registry/notifications
          headers: {Authorization: ["Bearer <the notifications secret>"]}
          timeout: 10s       # a notification may read a few manifests before it answers
          threshold: 5
          backoff: 1s

Repositories are created when the first manifest with a tag has arrived, not when a token to push is
asked for: a push that is given up half way leaves no empty repository behind.
"""

from __future__ import annotations

from typing import Final

SERVICE: Final = "registry.docker.io"
ISSUER: Final = "auth.docker.io"

# A Docker ID has no hyphen, so no learner can ever be called this: the hub's own reads of the registry.
INTERNAL_SUBJECT: Final = "hub-interno"
