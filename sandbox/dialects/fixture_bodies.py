"""A match's description in TRADE JSON, whole: the league, the ground, and who plays (docs/protocol.md, Fixtures).

Form is known early, line-ups when a match is about to start, attendance once it is under way.
"""

from functools import lru_cache

from feed.codes import FixtureStatus, ParticipantType, PlayerType, SportId
from sandbox.card import Card, League, Named, Side
from sandbox.team_sheet import Member, Shirt, team_sheet

from .envelope import iso
from .match_bodies import Json, data, named

#: Where line-ups are known.
LINED_UP = frozenset(FixtureStatus) - {
    FixtureStatus.NOT_SET,
    FixtureStatus.NOT_STARTED,
    FixtureStatus.POSTPONED,
    FixtureStatus.CANCELLED,
}
ON_THE_BENCH, PLAYING, DUE_TO_PLAY = Named(1, "On the bench"), Named(2, "Playing"), Named(4, "Expected to play")
#: LSports writes a venue's words, or their numbers.
WORDS = {"Grass": 0, "Hard": 1, "Clay": 2, "Artificial grass": 3, "Indoors": 0, "Outdoors": 1, "home": 0}


def fixture_event(card: Card, status: int, subscription: int) -> Json:
    fixture: Json = {
        "Subscription": {"Type": subscription, "Status": 1},
        "Sport": named(card.sport),
        "Location": named(card.league.location),
        "League": league(card.league),
        "StartDate": iso(card.start),
        "LastUpdate": iso(card.changed, 1181),
        "Status": int(status),
        "Participants": [participant(card, position, side, status) for position, side in enumerate(card.sides, 1)],
        "FixtureExtraData": data(card.extra),
    }
    if card.fixture_id % 2:
        fixture["FixtureName"] = " v ".join(side.name for side in card.sides)
        fixture["ExternalFixtureId"] = f"ext-{card.fixture_id}"
    if card.venue is not None:
        fixture["Venue"] = venue(card, card.venue, status)
    for name, known in (("Stage", card.stage), ("Round", card.round), ("Season", card.season)):
        if known is not None:
            fixture[name] = named(known)
    return {"FixtureId": card.fixture_id, "Fixture": fixture, "Livescore": None, "Markets": None}


def league(known: League) -> Json:
    body: Json = {
        **named(known),
        "AgeCategory": int(known.age_category),
        "Gender": int(known.gender),
        "Type": int(known.type),
    }
    if known.periods:
        body["NumberOfPeriods"] = known.periods
    if known.tour is not None:
        body["Tour"] = named(known.tour)
    if known.type == ParticipantType.ESPORTS:
        body["SportCategory"] = {"Id": 2, "Name": "Esports"}
    elif known.tour is not None:
        body["SportCategory"] = {"Id": 3, "Name": "Tours"}
    return body


def participant(card: Card, position: int, side: Side, status: int) -> Json:
    sheet = team_sheet(side, has_lines=card.sport.id == SportId.FOOTBALL)
    body: Json = {
        **named(side),
        "Position": str(position),
        "IsActive": 1,
        "Form": sheet.form,
        "Gender": int(card.league.gender),
        "AgeCategory": int(card.league.age_category),
        "Type": int(card.league.type),
    }
    if card.league.rotates:
        body["RotationId"] = 100 + card.fixture_id % 400 * 2 + position
    if status not in LINED_UP or not sheet.members:
        return body
    body["FixturePlayers"] = [
        lined_up(card, side, member, status == FixtureStatus.ABOUT_TO_START) for member in sheet.members
    ]
    if sheet.formation is not None:
        body["Formation"] = sheet.formation
    for name, worn in (("ShirtColor", sheet.shirt), ("GoalKeeperShirtColor", sheet.goalie_shirt)):
        if worn is not None:
            body[name] = shirt(worn)
    return body


def shirt(worn: Shirt) -> Json:
    return {"Primary": worn.primary, "Number": worn.number, "Outline": worn.outline}


def lined_up(card: Card, side: Side, member: Member, is_before_play: bool) -> Json:
    """A player, or the coach: no shirt, no position and no state."""
    person: Json = {
        "Id": member.id,
        "Name": member.name,
        "TeamId": side.id,
        "NationalityId": card.league.location.id,
        "BirthDate": f"{member.born}T00:00:00",
        "Type": int(PlayerType.COACH if member.number is None else PlayerType.PLAYER),
    }
    if member.chosen:
        person["NationalTeamId"] = 40_000 + card.league.location.id
    body: Json = {"PlayerId": member.id, "IsCaptain": member.captain, "IsStartingLineup": member.starts}
    if member.number is not None:
        starts = DUE_TO_PLAY if is_before_play else PLAYING
        body["ShirtNumber"] = str(member.number)
        body["State"] = named(starts if member.starts else ON_THE_BENCH)
    if member.position is not None:
        body["Position"] = named(member.position)
    return {**body, "Player": person}


def venue(card: Card, ground: Named, status: int) -> Json:
    capacity = 5000 + ground.id % 40 * 1000
    body: Json = {**named(ground), "Capacity": capacity}
    if status in LINED_UP and status != FixtureStatus.ABOUT_TO_START:
        body["Attendance"] = capacity * (60 + ground.id % 39) // 100
    if card.league.surface is not None:
        body["CourtSurfaceType"] = word(ground, card.league.surface)
    body["Environment"] = word(ground, "Indoors" if card.league.indoors else "Outdoors")
    body["Assignment"] = word(ground, "home")
    body["Country"] = named(card.league.location)
    if card.league.state is not None:
        body["State"] = named(card.league.state)
    return {**body, "City": named(city(ground))}


def word(ground: Named, spoken: str) -> str | int:
    """One ground in three has numbers."""
    return WORDS[spoken] if ground.id % 3 == 0 else spoken


@lru_cache(maxsize=1024)
def city(ground: Named) -> Named:
    """A ground is named for its town."""
    name = ground.name.rsplit(" ", 1)[0]
    return Named(1000 + sum(map(ord, name)) % 8000, name)
