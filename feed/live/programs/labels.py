"""What rows hold as JSON (`feed.store.apply.plain`), for programs: the same keys always, null for what is absent."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

PLAYER = ("shirt_number", "is_captain", "is_starting_lineup")
PERSON = ("team_id", "nationality_id", "national_team_id", "birth_date", "type")


def label(value: Any) -> dict[str, Any] | None:
    """An id with a name, of which a message may have one alone: {"id": 3, "name": "Final"}."""
    if isinstance(value, Mapping):
        return {"id": value.get("id"), "name": value.get("name")}
    if isinstance(value, int):
        return {"id": value, "name": None}
    return {"id": None, "name": value} if value else None


def picked(value: Mapping[str, Any] | None, names: Sequence[str]) -> dict[str, Any] | None:
    """These members of an object; its times end with Z."""
    if not value:
        return None
    members: dict[str, Any] = {name: value.get(name) for name in names}
    update = members.get("last_update")
    return members if update is None else members | {"last_update": update.replace("+00:00", "Z")}


def listed(values: Iterable[Mapping[str, Any]], names: Sequence[str]) -> list[dict[str, Any]]:
    return [{**dict.fromkeys(names), **(picked(value, names) or {})} for value in values]


def shirt(value: Any) -> dict[str, Any] | None:
    """A shirt's colours; older messages have one text instead."""
    if isinstance(value, str):
        return {"primary": value, "number": None, "outline": None}
    return picked(value, ("primary", "number", "outline"))


def line_up(players: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The players of a side; `position` and `state` as LSports numbers or names them."""
    return [lined_up(row, row.get("player") or {}) for row in players]


def lined_up(row: Mapping[str, Any], person: Mapping[str, Any]) -> dict[str, Any]:
    identity = row.get("player_id", person.get("id"))
    return {
        "player_id": None if identity is None else str(identity),
        "name": person.get("name"),
        **{name: row.get(name) for name in PLAYER},
        **{name: label(row.get(name)) for name in ("position", "state")},
        **{name: person.get(name) for name in PERSON},
    }


def coded(value: Any) -> dict[str, Any]:
    """One count of a player: its name and its value."""
    return {"name": value.get("name") or None, "value": value.get("value") or None}


def sub_period(part: Mapping[str, Any]) -> dict[str, Any]:
    """A period within a period."""
    return {
        **{name: part.get(name) for name in ("type", "is_finished", "is_confirmed", "sequence")},
        "scores": part.get("scores", {}),
        "incidents": [sub_incident(incident) for incident in part.get("incidents", ())],
        "sub_periods": [sub_period(inner) for inner in part.get("sub_periods", ())],
    }


def sub_incident(incident: Mapping[str, Any]) -> dict[str, Any]:
    results = incident.get("results", ())
    return {
        "type": incident.get("incident_type"),
        "seconds": incident.get("seconds"),
        "position": incident.get("participant_position"),
        "player_id": incident.get("player_id"),
        "player_name": incident.get("player_name"),
        "players": listed(incident.get("players", ()), ("id", "name", "item")),
        "scores": {str(result["position"]): result["value"] for result in results if result.get("value") is not None},
    }
