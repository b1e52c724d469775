"""The bodies of outrights in TRADE JSON: a path of competitions, with the fixture at its end (types 37 to 43).

A race stands right below its track (type 1); a season below its league (3 above 4).
"""

from feed.codes import CompetitionType
from sandbox.card import Card
from sandbox.field_contest import FieldContest, Race

from .envelope import iso
from .match_bodies import Json, data, named


def competition(contest: FieldContest, event: Json) -> Json:
    """The path from the top of the tree to `event`."""
    league = contest.card.league
    if isinstance(contest, Race):
        return {"Id": league.id, "Name": league.name, "Type": int(CompetitionType.TRACK), "Events": [event]}
    season = contest.card.season or league
    below = {"Id": season.id, "Name": season.name, "Type": int(CompetitionType.SEASON), "Events": [event]}
    return {
        "Id": league.id,
        "Name": league.name,
        "Type": int(CompetitionType.LEAGUE),
        "NextFixtureStartTime": iso(contest.card.start),
        "Competitions": [below],
    }


def outright_event(contest: FieldContest) -> Json:
    """The fixture of a race or season, as types 37 and 38 tell it."""
    if isinstance(contest, Race):
        return {"FixtureId": contest.card.fixture_id, "OutrightFixture": outright_fixture(contest)}
    return {
        "FixtureId": contest.card.fixture_id,
        "OutrightLeague": outright_league(contest),
        "Livescore": None,
        "Markets": None,
    }


def outright_fixture(contest: FieldContest) -> Json:
    card = contest.card
    year = iso(card.start)[:4]
    return {
        **about(card),
        "FixtureName": f"{card.league.name}, {card.extra['RaceTitle']}",
        "StartDate": iso(card.start),
        "LastUpdate": iso(card.changed, 2196),
        "Status": int(contest.status),
        "Participants": [
            {
                "Id": side.id,
                "Name": side.name,
                "Position": str(position),
                "IsActive": int(side.active),
                "Form": side.extra["Form"].replace(" - ", ""),
                "ExtraData": data(side.extra),
            }
            for position, side in enumerate(card.sides, 1)
        ],
        extra_data_of_race(card.fixture_id): data(card.extra),
        "Venue": {**named(card.league), "Environment": "Outdoors", "Country": named(card.league.location)},
        "Season": {"Id": int(year), "Name": year},
    }


def extra_data_of_race(fixture_id: int) -> str:
    """LSports' samples name it otherwise than its SDKs read it: so every other race has the one, and the other."""
    return "ExtraData" if fixture_id % 2 else "FixtureExtraData"


def outright_league(contest: FieldContest) -> Json:
    card = contest.card
    season = card.season or card.league
    return {
        **about(card),
        "FixtureName": f"{card.league.name} {season.name}",
        "LastUpdate": iso(card.changed, 1799),
        "Status": int(contest.status),
        "ExtraData": data(card.extra),
        "StartDate": iso(card.start),
        "EndDate": iso(card.ends or card.start),
        "Season": named(season),
    }


def about(card: Card) -> Json:
    return {
        "Subscription": {"Type": 2, "Status": 1},
        "Sport": named(card.sport),
        "Location": named(card.league.location),
    }


def score_event(contest: FieldContest) -> Json:
    """The places of a race that is over (type 39)."""
    results = [
        {"ParticipantId": side.id, "Name": side.name, "Result": contest.places[side.id]}
        for side in contest.card.sides
        if side.id in contest.places
    ]
    return {
        "FixtureId": contest.card.fixture_id,
        "Livescore": None,
        "Markets": None,
        "OutrightScore": {"ParticipantResults": results, "Status": int(contest.status)},
    }


def market_event(contest: FieldContest, market: Json) -> Json:
    """Bets of an outright; the ids of a race's bets are strings (seen in LSports' examples of types 41 and 42)."""
    event: Json = {"FixtureId": contest.card.fixture_id, "Livescore": None, "Markets": [market]}
    if isinstance(contest, Race):
        for bet in market.get("Bets", ()):
            bet["Id"] = str(bet["Id"])
    else:
        event["FixtureName"] = f"{contest.card.league.name} {market['Name']}"
    return event
