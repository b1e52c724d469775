"""What the feed calls its sports, locations, leagues and providers. The newest name counts; a blank one does not."""

from typing import Any

from django.db.models import Model

from feed.database.prepared import Prepared
from feed.models import League, Location, Provider, Sport
from feed.wire.messages import League as WireLeague
from feed.wire.messages import Named

from .plain import named_parts, plain_text

#: In the order in which they are written.
NAMED: dict[type[Model], Prepared[Any]] = {
    Sport: Prepared(lambda ids: Sport.objects.filter(pk__in=ids)),
    Location: Prepared(lambda ids: Location.objects.filter(pk__in=ids)),
    League: Prepared(lambda ids: League.objects.filter(pk__in=ids)),
    Provider: Prepared(lambda ids: Provider.objects.filter(pk__in=ids)),
}
LEAGUE_DETAILS = ("tour", "age_category", "gender", "type", "number_of_periods", "sport_category")


class Names:
    """The names that a batch mentions, written once at its end in the order of their ids."""

    def __init__(self) -> None:
        self.mentioned: dict[type[Model], dict[int, dict[str, Any]]] = {}

    def mention(self, model: type[Model], named: Named | None) -> int | None:
        """Note a sport's or location's name. Its id, to point to."""
        if named is None:
            return None
        self.note(model, named.id, named.name)
        return named.id

    def mention_league(self, league: WireLeague | None) -> int | None:
        if league is None:
            return None
        self.note(League, league.id, league.name)["details"] = named_parts(league, *LEAGUE_DETAILS)
        return league.id

    def note(self, model: type[Model], number: int, name: str | None) -> dict[str, Any]:
        values = self.mentioned.setdefault(model, {}).setdefault(number, {})
        if name:
            values["name"] = plain_text(name)
        return values

    def write(self) -> None:
        for model in NAMED:
            if mentioned := self.mentioned.get(model):
                write_names(model, mentioned)


def write_names(model: Any, mentioned: dict[int, dict[str, Any]]) -> None:
    stored = {row.pk: row for row in NAMED[model](mentioned)}
    changed = []
    for number, values in sorted(mentioned.items()):
        row = stored.get(number)
        if row is None:
            row = model(id=number, **{"name": f"{model.__name__} {number}", **values})
        elif all(getattr(row, name) == value for name, value in values.items()):
            continue
        for name, value in values.items():
            setattr(row, name, value)
        changed.append(row)
    if changed:
        columns = [field.name for field in model._meta.fields if not field.primary_key]
        model.objects.bulk_create(changed, update_conflicts=True, unique_fields=["id"], update_fields=columns)
