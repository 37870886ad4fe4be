"""Every setting of the practice hub, read once from the environment."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from urllib.parse import urlsplit

from hub import environment as env

PACKAGE_DIR = Path(__file__).resolve().parent

# --- what the lab tells us -------------------------------------------------------------------------
DEBUG = env.flag("HUB_DEBUG")
TESTING = env.flag("HUB_TESTING") or "pytest" in sys.modules
# Outside development and tests there is no default secret: without its file the hub does not start.
_NO_SECRET = "so-para-desenvolvimento-e-testes" if DEBUG or TESTING else ""

HUB_DATA_DIR = Path(env.text("HUB_DATA_DIR", str(PACKAGE_DIR.parent / ".lab" / "hub")))
HUB_REGISTRY_URL = env.text("HUB_REGISTRY_URL", "https://registry-1.docker.io")
HUB_RECONCILE_SECONDS = env.number("HUB_RECONCILE_SECONDS", 180)  # from one look at the registry to the next
HUB_WEB_URL = env.text("HUB_WEB_URL", "http://127.0.0.1:8000").rstrip("/")
HUB_TOKEN_KEY_FILE = env.file("HUB_TOKEN_KEY_FILE")
HUB_TOKEN_CERT_FILE = env.file("HUB_TOKEN_CERT_FILE")
HUB_NOTIFICATIONS_SECRET = env.secret("HUB_NOTIFICATIONS_SECRET_FILE", otherwise=_NO_SECRET)
HUB_SMTP_HOST = env.text("HUB_SMTP_HOST", "127.0.0.1")
HUB_SMTP_PORT = env.number("HUB_SMTP_PORT", 2525)
HUB_TLS_BIND = env.addresses("HUB_TLS_BIND")
HUB_TLS_CERT = env.file("HUB_TLS_CERT")
HUB_TLS_KEY = env.file("HUB_TLS_KEY")
HUB_PLAIN_BINDS = env.addresses("HUB_PLAIN_BINDS") or ["127.0.0.1:8000"]

# --- the site ----------------------------------------------------------------------------------------
SECRET_KEY = env.secret("HUB_SECRET_KEY_FILE", otherwise=_NO_SECRET)
HAS_SECRET = bool(SECRET_KEY)
PRACTICE_NAMES = ["hub.docker.com", "auth.docker.io", "index.docker.io", "app.docker.com", "login.docker.com"]
ALLOWED_HOSTS = [
    *PRACTICE_NAMES,
    "127.0.0.1",
    "localhost",
    "[::1]",
    *{env.host_of(address) for address in [*HUB_TLS_BIND, *HUB_PLAIN_BINDS]},
    urlsplit(HUB_WEB_URL).hostname or "127.0.0.1",
]
ROOT_URLCONF = "hub.urls"
WSGI_APPLICATION = "hub.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "hub.accounts",  # before allauth: its templates and commands win
    "hub.tokens",
    "hub.inbox",
    "hub.repositories",
    "hub.registry",
    "hub.pages",
    "allauth",
    "allauth.account",
]
MIDDLEWARE = [
    "hub.pages.middleware.content_security_policy",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["hub.pages.templatetags.hub"],
        },
    }
]

# --- data --------------------------------------------------------------------------------------------
DATABASES = {"default": env.database(env.text("HUB_DATABASE_URL"), HUB_DATA_DIR)}
DATABASES["default"]["CONN_MAX_AGE"] = 0 if TESTING else 60
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        # With Django's 300 a flood of names would push out what is remembered of passwords.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

# --- language and time -------------------------------------------------------------------------------
LANGUAGE_CODE = "pt-br"
TIME_ZONE = "America/Sao_Paulo"
USE_I18N = True
USE_TZ = True

# --- people ------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["hub.accounts.hashers.LabArgon2"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "hub.accounts.names.PasswordValidator"}]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my_profile"

ACCOUNT_ADAPTER = "hub.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "hub.accounts.forms.SignupForm",
    "login": "hub.accounts.forms.LoginForm",
    "confirm_email_verification_code": "hub.accounts.forms.EmailCodeForm",
    "change_email": "hub.accounts.forms.ChangeEmailForm",
    "change_password": "hub.accounts.forms.ChangePasswordForm",
    "reset_password": "hub.accounts.forms.ResetPasswordForm",
    "confirm_password_reset_code": "hub.accounts.forms.ResetCodeForm",
    "reset_password_from_key": "hub.accounts.forms.NewPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = 10
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = 5
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "home"

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = HUB_SMTP_HOST
EMAIL_PORT = HUB_SMTP_PORT
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = "Hub de treino <nao-responda@hub.treino>"

# --- cookies and headers -----------------------------------------------------------------------------
# Browsers share cookies between the ports of 127.0.0.1: a name of its own keeps two labs apart.
_LAB = hashlib.sha256(SECRET_KEY.encode("utf-8")).hexdigest()[:8]
SESSION_COOKIE_NAME = f"hub_sessao_{_LAB}"
CSRF_COOKIE_NAME = f"hub_csrf_{_LAB}"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "hub.pages.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [HUB_WEB_URL]
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},  # a 401 is how every docker login begins
        "hub": {"level": "INFO"},
    },
}
