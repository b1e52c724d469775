"""docs/openapi.yaml and docs/asyncapi.yaml, for the tests that hold the desk to them."""

from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

DOCS = Path(__file__).resolve().parent.parent / "docs"
OPENAPI = yaml.safe_load((DOCS / "openapi.yaml").read_text(encoding="utf-8"))
ASYNCAPI = yaml.safe_load((DOCS / "asyncapi.yaml").read_text(encoding="utf-8"))
MESSAGES = ASYNCAPI["components"]["messages"]
FROM_PROGRAMS = ("subscribe", "ack")


def message_validator(name: str) -> Draft202012Validator:
    """Checks a payload of the stream against the schema of the message."""
    return Draft202012Validator({**ASYNCAPI, "$ref": f"#/components/messages/{name}/payload"})


def schema_validator(name: str) -> Draft202012Validator:
    """Checks what REST answers against a named schema."""
    return Draft202012Validator({**OPENAPI, "$ref": f"#/components/schemas/{name}"})


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [name for value in node.values() for name in references(value)]
    return [name for value in node for name in references(value)] if isinstance(node, list) else []


def untyped(node: Any, where: str) -> list[str]:
    """The places of objects that may have any members: from these a generator of clients can make no typed model."""
    if isinstance(node, list):
        return [path for place, item in enumerate(node) for path in untyped(item, f"{where}/{place}")]
    if not isinstance(node, dict):
        return []
    members = node.get("additionalProperties")
    is_open = node.get("type") == "object" and not (members is False or isinstance(members, dict))
    return [where] * is_open + [path for key, value in node.items() for path in untyped(value, f"{where}/{key}")]
