"""Lines of the log: one for each event, whatever is in it, and a traceback only for a fault of ours."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from livescore_site.edge.request_ids import CURRENT

CONTROLS = (*range(32), *range(127, 160), 0x2028, 0x2029)
BREAKS = str.maketrans({chr(code): f"\\x{code:02x}" for code in CONTROLS})
#: What a line may say beside its text: the request or socket that it is about, LSports' id of a message, the feed.
FACTS = ("request_id", "message_id", "source")


class Identified(logging.Filter):
    """Gives each line the id of the request or socket that is being answered, if any."""

    def filter(self, record: logging.LogRecord) -> bool:
        if number := CURRENT.get():
            record.request_id = number
        return True


def facts_of(record: logging.LogRecord) -> dict[str, str]:
    """The facts that the line has."""
    return {name: str(value) for name in FACTS if (value := getattr(record, name, None))}


def without_noise(record: logging.LogRecord) -> logging.LogRecord:
    """The record, without a traceback if the request was at fault: Django logs one for each 403 and 404,
    and for each wrong host even as an error."""
    if record.exc_info and (record.levelno < logging.ERROR or record.name.startswith("django.security")):
        return logging.makeLogRecord({**record.__dict__, "exc_info": None, "exc_text": None})
    return record


class JsonLine(logging.Formatter):
    """One JSON object for each event: at, level, logger, text, the facts, and the traceback of a fault of ours."""

    def format(self, record: logging.LogRecord) -> str:
        record = without_noise(record)
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "text": record.getMessage(),
            "process": record.process,
            **facts_of(record),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line)


class OneLine(logging.Formatter):
    """A message stays on its line: nobody can forge another line by sending a line break. Its ids stand at its end."""

    def format(self, record: logging.LogRecord) -> str:
        return super().format(without_noise(record))

    def formatMessage(self, record: logging.LogRecord) -> str:
        facts = "".join(f" {name}={value}" for name, value in facts_of(record).items() if name != "source")
        return (super().formatMessage(record) + facts).translate(BREAKS)


def log_settings(*, is_json: bool, level: str) -> dict[str, Any]:
    """Django's LOGGING: all that is logged goes to stderr, as JSON or as lines to read."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": "livescore_site.log_lines.OneLine",
                "format": "{asctime} {levelname:<7} {name}: {message}",
                "style": "{",
            },
            "json": {"()": "livescore_site.log_lines.JsonLine"},
        },
        "filters": {"identified": {"()": "livescore_site.log_lines.Identified"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "json" if is_json else "line",
                "filters": ["identified"],
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "pika": {"level": "CRITICAL"},  # feed.transport.rabbitmq says each failure once, in plain words
            "security": {"level": "INFO"},
            "daphne": {"level": "WARNING"},
            "httpx": {"level": "WARNING"},
            "httpcore": {"level": "WARNING"},  # would write the headers of answers, which may give back what was sent
            "django.channels.server": {"level": "WARNING"},
        },
    }
