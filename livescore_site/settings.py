"""Django's settings. Everything that differs between machines comes from the environment; the README lists it."""

import secrets
from functools import partial
from pathlib import Path

import dj_database_url
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from .environment import env_bool, env_int, env_language, env_list, env_text
from .key_files import kept_key

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env_text("VAR_DIR") or BASE_DIR / "var")

DEBUG = env_bool("DEBUG", False)
SECRET_KEY = env_text("SECRET_KEY")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
BEHIND_TLS = env_bool("BEHIND_TLS", False)

if not SECRET_KEY:
    # One machine with nothing set: a key of its own, made once. Several machines must share one and so must set it.
    SECRET_KEY = kept_key(VAR_DIR / "secret_key", partial(secrets.token_urlsafe, 50))

# Seal the packages' passwords: the first key seals, each of them opens. In front goes a new key, then
# `manage.py rotate_credentials`, then the old one may go.
CREDENTIAL_KEYS = env_list("CREDENTIAL_KEYS") or [
    kept_key(VAR_DIR / "credential_key", lambda: Fernet.generate_key().decode())
]

INSTALLED_APPS = [
    "daphne",
    "livescore_site.apps.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "channels",
    "django_htmx",
    "csp",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "feed",
    "packages_admin",
    "sandbox",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "livescore_site.operations_language.EnglishOperations",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "livescore_site.demo_sign_in.DemoSignInMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "livescore_site.sign_in.SignInRequired",
    "feed.desk.traders.TradersMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
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
try:
    DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=600, conn_health_checks=True)}
except ValueError:  # its text may hold the password
    raise ImproperlyConfigured(
        "DATABASE_URL must look like postgres://user:password@host/name or sqlite:///path"
    ) from None
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
    }
elif DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:// or postgres://")
DEFAULT_EXCEPTION_REPORTER_FILTER = "livescore_site.error_pages.SecretsHidden"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env_text("REDIS_URL")
if REDIS_URL:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [REDIS_URL], "prefix": env_text("REDIS_PREFIX", "desk")},
        }
    }
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}

# The feed. AMQP_URL serves until a package in the admin says where its queue is.
AMQP_URL = env_text("AMQP_URL")
AMQP_QUEUE = env_text("AMQP_QUEUE")
FEED_PREFETCH = env_int("FEED_PREFETCH", 200, least=1)
FEED_BATCH_MESSAGES = env_int("FEED_BATCH_MESSAGES", 500, least=1)
FEED_BATCH_MILLISECONDS = env_int("FEED_BATCH_MILLISECONDS", 50, least=0)
FEED_CACHE_ROWS = env_int("FEED_CACHE_ROWS", 60_000, least=0)
FEED_LATE_SECONDS = env_int("FEED_LATE_SECONDS", 15, least=1)
FEED_DOWN_SECONDS = env_int("FEED_DOWN_SECONDS", 30, least=2)
WIRE_MAX_BYTES = env_int("WIRE_MAX_BYTES", 16 * 1024 * 1024, least=1024)
WIRE_MAX_DEPTH = env_int("WIRE_MAX_DEPTH", 64, least=8)
WIRE_MAX_VALUES = env_int("WIRE_MAX_VALUES", 1_000_000, least=1000)

# Whoever sends this as a bearer token may read /metrics; without it only operators who are signed in may.
METRICS_TOKEN = env_text("METRICS_TOKEN")

# Signing in. The demo command alone turns DEMO_SIGN_IN on, and only on loopback.
DEMO_SIGN_IN = False
LOGIN_URL = "sign_in"
CSRF_FAILURE_VIEW = "feed.desk.broken.not_allowed"
LOGIN_REDIRECT_URL = "board"
LOGOUT_REDIRECT_URL = "sign_in"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "livescore_site.people.People"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"
# A code from a phone, for whoever enters the operations pages. Demanded wherever the desk is served to others over TLS.
OPERATOR_TOTP_REQUIRED = env_bool("OPERATOR_TOTP_REQUIRED", BEHIND_TLS)
OTP_TOTP_ISSUER = "Livescore Desk"
OTP_ADMIN_HIDE_SENSITIVE_DATA = True

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
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

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname:<7} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env_text("LOG_LEVEL", "INFO")},
    "loggers": {
        "pika": {"level": "CRITICAL"},  # feed.transport.rabbitmq says each failure once, in plain words
        "axes": {"level": "WARNING"},
        "daphne": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
        "django.channels.server": {"level": "WARNING"},
    },
}
