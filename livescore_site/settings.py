"""Django's settings. Everything that differs between machines comes from the environment; the README lists it."""

import secrets
from functools import partial
from pathlib import Path

from cryptography.fernet import Fernet

from . import __version__
from .channel_layers import channel_layers
from .databases import database
from .edge.addresses import trusted_networks
from .environment import env_address, env_bool, env_choice, env_int, env_language, env_list, env_text
from .key_files import proof_key, stored_key, witness_key
from .log_lines import log_settings
from .private_files import make_files_private
from .proof_settings import stamp_address, witnessed, witnesses

make_files_private()
VERSION = __version__
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env_text("VAR_DIR") or BASE_DIR / "var")

DEBUG = env_bool("DEBUG", False)
SECRET_KEY = env_text("SECRET_KEY")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
BEHIND_TLS = env_bool("BEHIND_TLS", False)
# Whose X-Forwarded-For and X-Forwarded-Proto are believed.
TRUSTED_PROXIES = trusted_networks(env_list("TRUSTED_PROXIES", "127.0.0.1,::1" if BEHIND_TLS else ""))

if not SECRET_KEY:
    # One machine with nothing set: a key of its own, made once. Several machines must share one and so must set it.
    SECRET_KEY = stored_key(VAR_DIR / "secret_key", partial(secrets.token_urlsafe, 50))

# Seal the packages' passwords: the first key seals, each of them opens. In front goes a new key, then
# `manage.py rotate_credentials`, then the old one may go.
CREDENTIAL_KEYS = env_list("CREDENTIAL_KEYS") or [
    stored_key(VAR_DIR / "credential_key", lambda: Fernet.generate_key().decode())
]
# Each message is a leaf of a tree that this key signs; anybody may read its checkpoints and hashes, or nobody.
PROOF, PROOF_KEY, PROOF_IS_PUBLIC = env_bool("PROOF", True), proof_key(VAR_DIR), env_bool("PROOF_IS_PUBLIC", False)
# Who else sees what it signs, and the logs that this desk witnesses itself.
PROOF_STAMP_URL = stamp_address(env_text("PROOF_STAMP_URL"))
PROOF_STAMP_CERTIFICATES = env_text("PROOF_STAMP_CERTIFICATES")
PROOF_STAMP_MINUTES = env_int("PROOF_STAMP_MINUTES", 10, least=1)
PROOF_WITNESSES, PROOF_WITNESSED = witnesses(env_list("PROOF_WITNESSES")), witnessed(env_list("PROOF_WITNESSED"))
PROOF_WITNESS_KEY = witness_key(VAR_DIR) if PROOF_WITNESSED else ""
INSTALLED_APPS = [
    "daphne",
    "livescore_site.apps.SiteConfig",
    "livescore_site.apps.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "channels",
    "corsheaders",
    "django_htmx",
    "csp",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "accounts",
    "feed",
    "packages_admin",
    "alarms",
    "webhooks",
    "sandbox",
]

MIDDLEWARE = [
    "livescore_site.edge.callers.Meter",
    "django.middleware.security.SecurityMiddleware",
    "livescore_site.static_files.StaticFiles",
    "livescore_site.no_store.NoStore",
    "django.middleware.gzip.GZipMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "feed.api.problems.Problems",
    "livescore_site.visible_text.VisibleText",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "livescore_site.operations_language.EnglishOperations",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.sessions.SessionLimits",
    "accounts.security_log.RefusalLog",
    "accounts.unfinished.SignInFinished",
    "livescore_site.demo_sign_in.DemoSignInMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "livescore_site.sign_in.SignInRequired",
    "feed.desk.traders.TradersMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "livescore_site.urls"
ASGI_APPLICATION = "livescore_site.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "desk",
        "DIRS": [BASE_DIR / "templates" / "desk"],
        "OPTIONS": {"environment": "livescore_site.jinja.environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "NAME": "django",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASE_URL = env_text("DATABASE_URL") or f"sqlite:///{VAR_DIR / 'desk.sqlite3'}"
DATABASES = {"default": database(DATABASE_URL)}
DATABASE_ROUTERS = ["feed.past.router.PastRouter"]
#: Of a web process: requests that are answered at the same time, and connections to the database.
WEB_THREADS = env_int("WEB_THREADS", 8, least=1)
DATABASE_CONNECTIONS = env_int("DATABASE_CONNECTIONS", 12, least=2)
CALLER_PERCENT = env_int("CALLER_PERCENT", 25, least=1)
SOCKETS_PER_USER = env_int("SOCKETS_PER_USER", 100, least=1)
SOCKETS_PER_ADDRESS = env_int("SOCKETS_PER_ADDRESS", 2000, least=1)
DEFAULT_EXCEPTION_REPORTER_FILTER = "livescore_site.error_pages.SecretsHidden"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env_text("REDIS_URL")
CHANNEL_LAYERS = channel_layers(REDIS_URL, env_text("REDIS_PREFIX", "desk"))

# The feed. AMQP_URL serves until a package in the admin says where its queue is.
AMQP_URL = env_text("AMQP_URL")
AMQP_QUEUE = env_text("AMQP_QUEUE")
FEED_PREFETCH = env_int("FEED_PREFETCH", 200, least=1)
FEED_BATCH_MESSAGES = env_int("FEED_BATCH_MESSAGES", 500, least=1)
FEED_BATCH_MILLISECONDS = env_int("FEED_BATCH_MILLISECONDS", 50, least=0)
FEED_CACHE_ROWS = env_int("FEED_CACHE_ROWS", 60_000, least=0)
FEED_LATE_SECONDS = env_int("FEED_LATE_SECONDS", 15, least=1)
FEED_LAG_SECONDS = env_int("FEED_LAG_SECONDS", 3, least=1)
FEED_DOWN_SECONDS = env_int("FEED_DOWN_SECONDS", 30, least=2)
FEED_GONE_SECONDS = env_int("FEED_GONE_SECONDS", 5, least=2)
FEED_RECOVERY_SECONDS = env_int("FEED_RECOVERY_SECONDS", 1200, least=1)
FEED_HOLES_SHARE = env_int("FEED_HOLES_SHARE", 50, least=1)
FEED_QUEUE_SECONDS = env_int("FEED_QUEUE_SECONDS", 600, least=0)
# For how many days what could grow for ever is kept (`manage.py tidy`); 0: for ever.
KEEP_HISTORY_DAYS = env_int("KEEP_HISTORY_DAYS", 30)
KEEP_FIXTURES_DAYS = env_int("KEEP_FIXTURES_DAYS", 30)
KEEP_REJECTED_DAYS, KEEP_BREAKS_DAYS = env_int("KEEP_REJECTED_DAYS", 30), env_int("KEEP_BREAKS_DAYS", 90)
KEEP_CALLS_DAYS = env_int("KEEP_CALLS_DAYS", 365)
KEEP_ALERTS_DAYS = env_int("KEEP_ALERTS_DAYS", 30)
KEEP_SIGN_INS_DAYS = env_int("KEEP_SIGN_INS_DAYS", 30)
KEEP_RECORDINGS_DAYS = env_int("KEEP_RECORDINGS_DAYS", 7)
KEEP_VIEWINGS_DAYS, STORE_VIEWINGS = env_int("KEEP_VIEWINGS_DAYS", 30), env_bool("STORE_VIEWINGS", True)
RECORDINGS = Path(env_text("RECORDINGS") or VAR_DIR / "recorded")
WIRE_MAX_BYTES = env_int("WIRE_MAX_BYTES", 16 * 1024 * 1024, least=1024)
WIRE_MAX_DEPTH = env_int("WIRE_MAX_DEPTH", 64, least=8)
WIRE_MAX_VALUES = env_int("WIRE_MAX_VALUES", 1_000_000, least=1000)

# The hosts that a package's password may be sent to. Loopback, for the simulated supplier, only on one's own machine.
PACKAGE_HOSTS = env_list("PACKAGE_HOSTS", ".lsports.eu" if BEHIND_TLS else ".lsports.eu,localhost,127.0.0.1,[::1]")

# The hosts that alarms may be sent to, and how long a fault may last before one is.
ALARM_HOSTS = env_list(
    "ALARM_HOSTS",
    "hooks.slack.com,.logic.azure.com,.webhook.office.com" + ("" if BEHIND_TLS else ",localhost,127.0.0.1,[::1]"),
)
ALARM_DOWN_SECONDS = env_int("ALARM_DOWN_SECONDS", 5)
ALARM_LATE_SECONDS = env_int("ALARM_LATE_SECONDS", 60)
ALARM_RECOVERING_SECONDS = env_int("ALARM_RECOVERING_SECONDS", 300)
ALARM_HOLES_SECONDS = env_int("ALARM_HOLES_SECONDS", 300)
ALARM_REJECTED = env_int("ALARM_REJECTED", 20)

# The hosts that webhooks may be posted to.
WEBHOOK_HOSTS = env_list("WEBHOOK_HOSTS", "" if BEHIND_TLS else "localhost,127.0.0.1,[::1]")

# Whether two operators have to deactivate a package that feeds what is in play.
TWO_PEOPLE_DEACTIVATE = env_bool("TWO_PEOPLE_DEACTIVATE", False)

# Whoever sends this as a bearer token may read /metrics; without it only operators who are signed in may. And the port
# of loopback on which a consumer serves its metrics, 0: none.
METRICS_TOKEN, METRICS_PORT = env_text("METRICS_TOKEN"), env_int("METRICS_PORT", 0)
# Where traces are sent (empty: there are none), and how many batches are traced in a second.
TRACES_URL, TRACES_PER_SECOND = env_address("TRACES_URL"), env_int("TRACES_PER_SECOND", 1, least=1)

# One's own functions that `manage.py hooks` hands what changed to: module:function.
HOOKS = env_list("HOOKS")

# Pages of these origins may ask the API with a token; no other site's may, and none with a cookie.
CORS_ALLOWED_ORIGINS = env_list("API_ORIGINS")
CORS_URLS_REGEX = r"^/(api|docs)/.*$"
CORS_ALLOW_METHODS = ("GET", "HEAD", "OPTIONS")
CORS_ALLOW_HEADERS = ("authorization", "if-none-match")
CORS_EXPOSE_HEADERS = ("etag", "ratelimit", "ratelimit-policy", "retry-after")
CORS_PREFLIGHT_MAX_AGE = 600

# Signing in. The demo command alone turns DEMO_SIGN_IN on, and only on loopback.
DEMO_SIGN_IN = False
LOGIN_URL = "sign_in"
CSRF_FAILURE_VIEW = "feed.desk.broken.not_allowed"
LOGIN_REDIRECT_URL = "board"
LOGOUT_REDIRECT_URL = "sign_in"
AUTHENTICATION_BACKENDS = ["livescore_site.people.People"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.GuessablePasswordValidator"},
    {"NAME": "accounts.notices.PasswordNotice"},
]
# A file of breached passwords' SHA-1 digests, in order, as Have I Been Pwned's downloader writes it.
BREACHED_PASSWORDS = env_text("BREACHED_PASSWORDS")
# Where e-mail is sent through; without it people are told at their next sign-in alone.
EMAIL_HOST = env_text("EMAIL_HOST")
EMAIL_PORT = env_int("EMAIL_PORT", 587, least=1)
EMAIL_HOST_USER = env_text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env_text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS", True)
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = env_text("EMAIL_FROM", "livescore-desk@localhost")
# A code from a phone, for whoever enters the operations pages. Demanded wherever the desk is served to others over TLS.
OPERATOR_TOTP_REQUIRED = env_bool("OPERATOR_TOTP_REQUIRED", BEHIND_TLS)
# The same for everybody, as the last step of each sign-in.
EVERYBODY_TOTP_REQUIRED = env_bool("EVERYBODY_TOTP_REQUIRED", False)
OPERATOR_TOTP_REQUIRED = OPERATOR_TOTP_REQUIRED or EVERYBODY_TOTP_REQUIRED
# How long a password is taken that an administrator has chosen for somebody, who must change it at once.
FIRST_PASSWORD_HOURS = env_int("FIRST_PASSWORD_HOURS", 72, least=1)
# How old that code may be: for the operations pages, and for what is dangerous there.
SECOND_FACTOR_HOURS = env_int("SECOND_FACTOR_HOURS", 12, least=1)
SECOND_FACTOR_MINUTES = env_int("SECOND_FACTOR_MINUTES", 15, least=1)
OTP_TOTP_ISSUER = "Livescore Desk"
OTP_ADMIN_HIDE_SENSITIVE_DATA = True

# A session ends when it was not used for so long, and when it is so old.
SESSION_IDLE_HOURS = env_int("SESSION_IDLE_HOURS", 12, least=1)
SESSION_HOURS = env_int("SESSION_HOURS", 7 * 24, least=1)
# `__Host-`: browsers take such a cookie only over TLS, and send it to this very host alone.
COOKIE_PREFIX = "__Host-" if BEHIND_TLS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
KNOWN_BROWSER_COOKIE_NAME = f"{COOKIE_PREFIX}known_browser"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = BEHIND_TLS
# What watches a web process asks it on loopback, in front of which nothing speaks TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("htmx", BASE_DIR / "node_modules" / "htmx.org" / "dist"),
    ("uplot", BASE_DIR / "node_modules" / "uplot" / "dist"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# One language for the whole desk: what is pushed is rendered once for all who watch, and alerts and reasons are stored.
LOCALE_PATHS = [BASE_DIR / "locale", VAR_DIR / "locale"]
LANGUAGE_CODE = env_language("DESK_LANGUAGE", LOCALE_PATHS)
LANGUAGES = [(LANGUAGE_CODE, LANGUAGE_CODE)]
USE_I18N = True
FORMAT_MODULE_PATH = ["livescore_site.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

LOGGING = log_settings(
    is_json=env_choice("LOG_FORMAT", ("text", "json")) == "json", level=env_text("LOG_LEVEL", "INFO")
)
