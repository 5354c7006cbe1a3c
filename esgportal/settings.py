"""All settings. Values come from the environment (see .env.example); a bad value stops the start."""

from pathlib import Path
from typing import Any

import dj_database_url
import django_stubs_ext
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from environs import FileAwareEnv
from marshmallow.validate import OneOf, Range
from psycopg import IsolationLevel

from esgportal import embedded, limits, replica_pages

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

env = FileAwareEnv(prefix="ESGPORTAL_", strip_whitespace=True)

# Without a database server of its own the portal is being tried out: debug pages and the demo are on unless refused.
_TRIAL = embedded.is_wanted()
DEBUG = env.bool("DEBUG", _TRIAL)
DEMO = env.bool("DEMO", _TRIAL)
# People whom the sign-in page introduces, with their passwords: those of the demo, nobody else.
DEMO_PEOPLE = "apps.demo.people.PEOPLE" if DEMO else ""

_DEVELOPMENT_KEY = "only-for-development-" + "x" * 40
SECRET_KEY = env.str("SECRET_KEY", _DEVELOPMENT_KEY if DEBUG else "")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured(
        "ESGPORTAL_SECRET_KEY (or ESGPORTAL_SECRET_KEY_FILE) must hold at least 50 random characters."
    )
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"] if DEBUG else [])
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ESGPORTAL_ALLOWED_HOSTS must name the hosts the portal is reached by.")
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "apps.core",
    "apps.accounts",
    "apps.organisation",
    "apps.audit",
    "apps.jobs",
    "apps.submissions",
    "apps.indicators",
    "apps.environment",
    "apps.workforce",
    "apps.supply_chain",
    "apps.product_responsibility",
    "apps.anti_corruption",
    "apps.community",
    "apps.greenhouse_gases",
    "apps.reporting",
    "apps.api",
    *(["apps.demo"] if DEMO else []),
    "esgportal.admin_config.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "import_export",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "apps.accounts.middleware.UserLanguageMiddleware",
    "apps.accounts.middleware.PrivatePagesMiddleware",
    "apps.audit.middleware.AuditContextMiddleware",
    "apps.core.replica_middleware.ReplicaMiddleware",
]

ROOT_URLCONF = "esgportal.urls"
WSGI_APPLICATION = "esgportal.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "apps.organisation.context.portal",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "apps.core.templatetags.portal",
            ],
        },
    }
]
# Form widgets are drawn from templates/ too, so that they obey the same style; the plain ones are written in Python.
FORM_RENDERER = "apps.core.form_renderer.FormRenderer"

_DATABASE: dict[str, Any] = (
    {"ENGINE": "django.db.backends.postgresql", **embedded.connection_settings(BASE_DIR)}
    if _TRIAL
    else {**dj_database_url.parse(FileAwareEnv(strip_whitespace=True).str("DATABASE_URL"))}
)
if _DATABASE["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL server (postgresql://…).")
# How long one statement of a page may take, and how long it may wait for a lock; commands and workers have no limit.
_STATEMENT_SECONDS = env.int("WEB_STATEMENT_SECONDS", 60, validate=Range(min=1))
_LOCK_SECONDS = env.int("WEB_LOCK_SECONDS", 15, validate=Range(min=1))
_POOL_SIZE = env.int("DB_POOL_SIZE", 10, validate=Range(min=1))
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **_DATABASE,
        "ATOMIC_REQUESTS": True,
        # A kept connection is tried before it is used: after a restart of the server the first pages work.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **_DATABASE.get("OPTIONS", {}),
            **limits.options(
                asked=_DATABASE.get("OPTIONS", {}).get("options", ""),
                statement_seconds=_STATEMENT_SECONDS,
                lock_seconds=_LOCK_SECONDS,
            ),
            # Kept connections: a new one for each request costs more than a small page does.
            "pool": {"min_size": 1, "max_size": _POOL_SIZE, "timeout": 5},
            # Of the statements in apps/core/prepared.py alone, at their first use.
            "prepare_threshold": 0,
        },
    }
}
DATABASE_ROUTERS: list[str] = []
REPLICA_PAGES, REPLICA_NEWS, REPLICA_NEVER = replica_pages.PAGES, replica_pages.NEWS, replica_pages.NEVER
REPLICA_MAX_LAG_SECONDS = env.int("REPLICA_MAX_LAG_SECONDS", 10, validate=Range(min=0))
REPLICA_RETRY_SECONDS = env.int("REPLICA_RETRY_SECONDS", 15, validate=Range(min=1))
if _replica_url := env.str("REPLICA_URL", ""):
    _REPLICA: dict[str, Any] = {**dj_database_url.parse(_replica_url)}
    if _REPLICA["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("ESGPORTAL_REPLICA_URL must name a PostgreSQL server (postgresql://…).")
    DATABASES["replica"] = {
        **_REPLICA,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 2,
            **_REPLICA.get("OPTIONS", {}),
            **limits.options(statement_seconds=_STATEMENT_SECONDS, lock_seconds=_LOCK_SECONDS, only_reads=True),
            # Each page of one moment.
            "isolation_level": IsolationLevel.REPEATABLE_READ,
            # A replica that is gone is noticed soon: the primary answers in its place.
            "pool": {"min_size": 0, "max_size": _POOL_SIZE, "timeout": 2, "reconnect_timeout": 2},
        },
        "TEST": {"MIRROR": "default"},
    }
    DATABASE_ROUTERS = ["apps.core.replica.ReplicaRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits of the sign-in, and files between check and import, live here: in the database, so that all web
# processes see the same.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "esgportal_cache",
        # Django keeps 300 and throws any out: one busy morning, or one attacker, would empty the counters and
        # take away files that wait for their import.
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["apps.organisation.backends.PortalBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("submissions:my_work")
ACCOUNT_ADAPTER = "apps.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = reverse_lazy("account_login")
ACCOUNT_SESSION_REMEMBER = False
# "reauthenticate": the password that a signature asks for once more.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reauthenticate": "10/m/user,30/h/user",
}
# No proxy header is trusted unless the number of proxies is stated.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0)

# Shared computers at the plants: a session ends with the browser, or after a working day.
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 10 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "apps.core.errors.csrf_failure"

if not DEBUG:
    SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", True)
    # Whoever watches the process asks it without the proxy.
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 365 * 24 * 3600)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    if ALLAUTH_TRUSTED_PROXY_COUNT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [
    ("zh-hans", _("Simplified Chinese")),
    ("zh-hant", _("Traditional Chinese")),
    ("en", _("English")),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = env.str("TIME_ZONE", "Asia/Shanghai")
USE_TZ = True
FORMAT_MODULE_PATH = ["esgportal.formats"]

STATIC_URL = "static/"
# In debug mode files are served from where they lie; nothing is collected.
STATIC_ROOT = None if DEBUG else Path(env.str("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEBUG
# Evidence is never served from a URL of its own, only through a view that asks the policy.
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(BASE_DIR / "media")))
# On several hosts files lie in a store that speaks S3; without a bucket they lie in MEDIA_ROOT.
_BUCKET = env.str("S3_BUCKET", "")
STORAGES: dict[str, dict[str, Any]] = {
    "default": (
        {
            "BACKEND": "apps.core.object_storage.ObjectStorage",
            "OPTIONS": {
                "bucket_name": _BUCKET,
                "endpoint_url": env.str("S3_ENDPOINT_URL", "") or None,
                "region_name": env.str("S3_REGION", "") or None,
                "access_key": env.str("S3_ACCESS_KEY", "") or None,
                "secret_key": env.str("S3_SECRET_KEY", "") or None,
                "location": env.str("S3_PREFIX", ""),
            },
        }
        if _BUCKET
        else {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    ),
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
EVIDENCE_MAX_BYTES = env.int("EVIDENCE_MAX_MB", 20) * 1024 * 1024
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_MB", 20) * 1024 * 1024
IMPORT_MAX_ROWS = env.int("IMPORT_MAX_ROWS", 200_000)
# Longer files are read, and more records written, in the background.
IMPORT_IN_REQUEST_ROWS = env.int("IMPORT_IN_REQUEST_ROWS", 2_000)
EXPORT_IN_REQUEST_ROWS = env.int("EXPORT_IN_REQUEST_ROWS", 20_000)
# Of one token of the API, and of one address that sends tokens nobody knows.
API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", 120)
API_REFUSALS_PER_MINUTE = env.int("API_REFUSALS_PER_MINUTE", 30)
# A month's page has a few hundred fields; the limit leaves room and still stops a flood.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# Long work: a worker (manage.py db_worker) takes it from a table, so that no request waits for it.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "ENQUEUE_ON_COMMIT": True}}
# A run gives a sign of life this often; one that was silent so long is taken for lost and its job is run again.
JOB_BEAT_SECONDS = 5
JOB_LOST_SECONDS = env.int("JOB_LOST_SECONDS", 30, validate=Range(min=15))
# After so long a wait a page says that no worker seems to run.
JOB_WORKER_NOTICE_SECONDS = 30
# How long the file of a job is kept for who asked for it.
JOB_RESULT_DAYS = env.int("JOB_RESULT_DAYS", 7, validate=Range(min=1))

# One line for each event, for journald or the log of a container.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "format": "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s",
            "datefmt": "%Y-%m-%dT%H:%M:%S%z",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["console"],
        "level": env.str("LOG_LEVEL", "WARNING", validate=OneOf(["DEBUG", "INFO", "WARNING", "ERROR"])),
    },
    # A server that cannot be reached is told of by whoever needed it; the pool tells at each attempt.
    "loggers": {"psycopg.pool": {"level": "ERROR"}},
}
