"""`python -m hub VERB`: Django's command line with the hub's settings."""

from __future__ import annotations

import os
import sys

from django.core.exceptions import ImproperlyConfigured

WITHOUT_A_KEY = (
    "O hub de treino não começa sem um segredo: ponha em HUB_SECRET_KEY_FILE o caminho do arquivo "
    "que o guarda (ou HUB_DEBUG=1, só para desenvolver)."
)
NO_FOLDER = "O hub de treino não pôde usar a pasta {}: {}. Confira se ela é sua."


def main(argv: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    from django.conf import settings  # after the line above, which says which settings

    try:
        settings.HUB_DATA_DIR.mkdir(parents=True, exist_ok=True)
        if not settings.HAS_SECRET:
            raise ImproperlyConfigured(WITHOUT_A_KEY)
    except ImproperlyConfigured as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(NO_FOLDER.format(settings.HUB_DATA_DIR, error.strerror), file=sys.stderr)
        return 2
    from django.core.management import execute_from_command_line

    execute_from_command_line(["python -m hub", *argv])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
