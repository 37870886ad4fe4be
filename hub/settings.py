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
HUB_REGISTRY_URL = env.web_address("HUB_REGISTRY_URL", "https://registry-1.docker.io")
HUB_RECONCILE_SECONDS = env.number("HUB_RECONCILE_SECONDS", 180)  # from one look at the registry to the next
HUB_API_PER_MINUTE = env.number("HUB_API_PER_MINUTE", 3_000)  # requests of one person, or of one address
# How many may share one address (a school's, a machine's): the limits of an address grow with it.
HUB_PEOPLE_PER_ADDRESS = env.number("HUB_PEOPLE_PER_ADDRESS", 250)
HUB_WEB_URL = env.web_address("HUB_WEB_URL", "http://127.0.0.1:8000")
HUB_HOSTS = env.names("HUB_HOSTS")  # by which the pages are reached too
HUB_TRUSTED_PROXIES = env.networks("HUB_TRUSTED_PROXIES")  # who may say for whom it asks, see hub.proxy
# A public address: from then on the pages are only for TLS.
IS_PUBLIC = HUB_WEB_URL.startswith("https://")
HUB_TOKEN_KEY_FILE = env.file("HUB_TOKEN_KEY_FILE")
HUB_TOKEN_CERT_FILE = env.file("HUB_TOKEN_CERT_FILE")
HUB_NOTIFICATIONS_SECRET = env.secret("HUB_NOTIFICATIONS_SECRET_FILE", otherwise=_NO_SECRET)
HUB_GRADER_SECRET = env.secret("HUB_GRADER_SECRET_FILE", otherwise="")  # see hub.registry.grader
HUB_CLASS_MODELS_FILE = env.file("HUB_CLASS_MODELS_FILE")  # see checks.classroom.models
HUB_SMTP_HOST = env.text("HUB_SMTP_HOST", "127.0.0.1")
HUB_SMTP_PORT = env.port("HUB_SMTP_PORT", 2525)
HUB_SMTP_TLS = env.choice("HUB_SMTP_TLS", "none", "starttls", "tls")
HUB_SMTP_USER, HUB_SMTP_PASSWORD = env.login("HUB_SMTP_USER", "HUB_SMTP_PASSWORD_FILE")
HUB_MAIL_FROM = env.sender("HUB_MAIL_FROM", "Hub de treino <nao-responda@hub.treino>")
HUB_TLS_BIND = env.addresses("HUB_TLS_BIND")
HUB_TLS_CERT = env.file("HUB_TLS_CERT")
HUB_TLS_KEY = env.file("HUB_TLS_KEY")
HUB_GATE_BINDS = env.addresses("HUB_GATE_BINDS")  # as registry-1.docker.io, in front of HUB_REGISTRY_URL
HUB_GATE_CERT = env.file("HUB_GATE_CERT")
HUB_GATE_KEY = env.file("HUB_GATE_KEY")
# Who reads the practice mailbox: all, or each their own.
HUB_MAILBOX = env.choice("HUB_MAILBOX", *(("own", "open") if IS_PUBLIC else ("open", "own")))
HUB_LIBRARY_DIR = env.file("HUB_LIBRARY_DIR")  # an OCI image layout: what is offered under library/
# 1: webhooks may go to this machine, as a learner's do; a class's server must not have it.
HUB_WEBHOOKS_PRIVATE = env.flag("HUB_WEBHOOKS_PRIVATE")
HUB_AUTHORITY_FILE = env.file("HUB_AUTHORITY_FILE")  # of the practice names, for the machines of a class
# Of the class: the code by which learners enter it is made of the secret; the key opens the teacher's board.
HUB_CLASS_SECRET = env.secret("HUB_CLASS_SECRET_FILE", otherwise="")
HUB_TEACHER_KEY = env.secret("HUB_TEACHER_KEY_FILE", otherwise="", shortest=20)
HUB_CLASS_DAYS = env.number("HUB_CLASS_DAYS", 400)  # see hub.classroom.retention
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
    *HUB_HOSTS,
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
    "hub.audit",
    "hub.tokens",
    "hub.api",
    "hub.inbox",
    "hub.repositories",
    "hub.catalogue",
    "hub.webhooks",
    "hub.registry",
    "hub.classroom",
    "hub.pages",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
MIDDLEWARE = [
    "hub.proxy.believe_trusted_proxies",  # first: the others ask who is calling
    "hub.pages.middleware.content_security_policy",
    "hub.api.limits.limit_requests",
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
# With Django's 300 entries a flood of names would push out what is counted or remembered of others.
CACHES = {
    # What all processes have to agree on: allauth counts attempts here, and two-factor codes that were used.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "hub_cache",  # the table of accounts.CachedValue
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    },
    # What a process may know alone: which passwords it has just found right.
    "process": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}

# --- language and time -------------------------------------------------------------------------------
LANGUAGE_CODE = "pt-br"
TIME_ZONE = env.zone("HUB_TIME_ZONE")
USE_I18N = True
USE_TZ = True

# --- people ------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["hub.accounts.backend.OneCheck"]
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
    "reauthenticate": "hub.accounts.forms.ReauthenticateForm",
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
ACCOUNT_PREVENT_ENUMERATION = "strict"  # an e-mail is whose account confirms it; others may name it too
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_RATE_LIMITS = {
    # Of an address: room for the class behind it. Of a key (an account, an e-mail): a person's mistakes.
    "login": f"{3 * HUB_PEOPLE_PER_ADDRESS}/m/ip",
    # Of codes of the second step; wrong passwords are counted by hub.accounts.attempts.
    "login_failed": f"{2 * HUB_PEOPLE_PER_ADDRESS}/m/ip,5/5m/key",
    "signup": f"{2 * HUB_PEOPLE_PER_ADDRESS}/m/ip",
    "reset_password": f"{HUB_PEOPLE_PER_ADDRESS}/m/ip,5/m/key,20/h/key",
    "reset_password_from_key": f"{HUB_PEOPLE_PER_ADDRESS}/m/ip",
    # Each code sent by e-mail may be guessed at a few times: the codes are counted too.
    "confirm_email": "1/10s/key,20/h/key",
    # What was typed wrong to enter the class, and wrong keys of the teacher's board.
    "class_entry": f"10/10m/user,{4 * HUB_PEOPLE_PER_ADDRESS}/10m/ip",
    "teacher_key": "20/5m/ip",
}

MFA_ADAPTER = "hub.accounts.two_factor.MFAAdapter"
MFA_FORMS = {
    "activate_totp": "hub.accounts.code_forms.ActivateForm",
    "authenticate": "hub.accounts.code_forms.AuthenticateForm",
    "reauthenticate": "hub.accounts.code_forms.ReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_PERIOD = 30  # seconds
MFA_TOTP_TOLERANCE = 1  # periods before and after: clocks differ, and people type slowly

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = HUB_SMTP_HOST
EMAIL_PORT = HUB_SMTP_PORT
EMAIL_HOST_USER = HUB_SMTP_USER
EMAIL_HOST_PASSWORD = HUB_SMTP_PASSWORD
EMAIL_USE_SSL = HUB_SMTP_TLS == "tls"
EMAIL_USE_TLS = HUB_SMTP_TLS == "starttls"
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = HUB_MAIL_FROM

# --- cookies and headers -----------------------------------------------------------------------------
# Browsers share cookies between the ports of 127.0.0.1: a name of its own keeps two labs apart.
_LAB = hashlib.sha256(SECRET_KEY.encode("utf-8")).hexdigest()[:8]
SESSION_COOKIE_NAME = f"hub_sessao_{_LAB}"
CSRF_COOKIE_NAME = f"hub_csrf_{_LAB}"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "hub.pages.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [HUB_WEB_URL, *(f"https://{name}" for name in HUB_HOSTS)]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_PUBLIC
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HUB_TRUSTED_PROXIES else None
SECURE_SSL_REDIRECT = IS_PUBLIC
SECURE_SSL_HOST = urlsplit(HUB_WEB_URL).netloc
# A registry and a watchdog beside the hub ask without TLS, and so does a machine that joins a class: it knows
# the fingerprint of the certificate it gets.
SECURE_REDIRECT_EXEMPT = ["^registry/", "^saude$", r"^ca\.pem$"]
SECURE_HSTS_SECONDS = 30 * 24 * 60 * 60 if IS_PUBLIC else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_PUBLIC
# The list that browsers carry with them is for whoever owns a whole domain for ever, which a class does not.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
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
        "django.security.RequestDataTooBig": {"level": "CRITICAL"},  # whoever sent it is told
        "hub": {"level": "INFO"},
    },
}
