"""The project's settings, made fit for tests: a folder of their own and quick password hashes."""

import os
import tempfile

# Playwright runs an event loop in the thread of the tests, in which Django refuses to ask the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
os.environ["VAR_DIR"] = os.environ.get("TEST_VAR_DIR") or tempfile.mkdtemp(prefix="desk-test-")
for name in ("DATABASE_URL", "REDIS_URL", "AMQP_URL", "AMQP_QUEUE", "SECRET_KEY", "DEBUG"):
    os.environ.pop(name, None)

from livescore_site.settings import *  # noqa: E402, F403
from livescore_site.settings import DATABASES, STORAGES, VAR_DIR  # noqa: E402

worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / f"test-{worker}.sqlite3")}
(VAR_DIR / "static").mkdir(exist_ok=True)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# Tests use pages more quickly than people.
CALLER_PERCENT = 100
PACKAGE_HOSTS = [".lsports.eu", "localhost", "127.0.0.1", "[::1]", ".test", ".invalid"]
