"""The schemas of LSports' messages, as docs/protocol.md and the samples have them: a kind of value for every key."""

from typing import Any

from tests.schemas import (
    Either,
    Maybe,
    Unmade,
    colour,
    fraction,
    guid,
    line,
    nothing,
    odds,
    price,
    score,
    side,
    signed,
    time,
    truth,
    whole,
    words,
)

NAMED = {"Id": whole, "Name": words}
DATA = [{"Name": words, "Value": words}]
RESULTS = [{"Position": side, "Value": score}]
SUBSCRIPTION = {"Type": whole, "Status": whole}
HEADER = {
    "Type": whole,
    "MsgSeq": whole,
    "MsgGuid": guid,
    "CreationDate": time,
    "SerializedCreationDate": Unmade(time),
    "ServerTimestamp": whole,
}
BARE_HEADER = {"Type": whole, "MsgGuid": guid, "ServerTimestamp": whole}
PARTICIPANTS = [{"Id": whole, "Name": words, "Position": side}]
SHIRT = {"Primary": colour, "Number": colour, "Outline": colour}
PERSON = {
    "Id": whole,
    "Name": words,
    "TeamId": whole,
    "NationalityId": whole,
    "NationalTeamId": Maybe(whole),
    "BirthDate": time,
    "Type": whole,
}
#: A player of a line-up, or the coach.
LINED_UP = {
    "PlayerId": whole,
    "ShirtNumber": Maybe(side),
    "IsCaptain": truth,
    "IsStartingLineup": truth,
    "Position": Maybe(NAMED),
    "State": Maybe(NAMED),
    "Player": PERSON,
}
PARTICIPANT = {
    **PARTICIPANTS[0],
    "RotationId": Maybe(whole),
    "IsActive": Maybe(whole),
    "Form": Maybe(words),
    "Formation": Maybe(words),
    "FixturePlayers": Maybe([LINED_UP]),
    "ShirtColor": Maybe(SHIRT),
    "GoalKeeperShirtColor": Maybe(SHIRT),
    "Gender": Maybe(whole),
    "AgeCategory": Maybe(whole),
    "Type": Maybe(whole),
}
WORD = Either(words, whole)
VENUE = {
    "Id": whole,
    "Name": words,
    "Capacity": Maybe(whole),
    "Attendance": Maybe(whole),
    "CourtSurfaceType": Maybe(WORD),
    "Environment": WORD,
    "Assignment": WORD,
    "Country": NAMED,
    "State": Maybe(NAMED),
    "City": NAMED,
}
#: A race's ground, of which less is known.
TRACK = {"Id": whole, "Name": words, "Environment": WORD, "Country": NAMED}
LEAGUE = {
    **NAMED,
    "Tour": Maybe(NAMED),
    "AgeCategory": Maybe(whole),
    "Gender": Maybe(whole),
    "Type": Maybe(whole),
    "NumberOfPeriods": Maybe(whole),
    "SportCategory": Maybe(NAMED),
}
FIXTURE = {
    "FixtureName": Maybe(words),
    "ExternalFixtureId": Maybe(words),
    "Subscription": SUBSCRIPTION,
    "Sport": NAMED,
    "Location": NAMED,
    "League": LEAGUE,
    "StartDate": time,
    "LastUpdate": time,
    "Status": whole,
    "Participants": [PARTICIPANT],
    "FixtureExtraData": Maybe(DATA),
    "Venue": Maybe(VENUE),
    "Stage": Maybe(NAMED),
    "Round": Maybe(NAMED),
    "Season": Maybe(NAMED),
}
SHORT_FIXTURE = {
    "Subscription": nothing,
    "Sport": NAMED,
    "Location": nothing,
    "League": nothing,
    "LastUpdate": time,
    "Participants": PARTICIPANTS,
}
INCIDENT = {
    "Period": whole,
    "IncidentType": whole,
    "Seconds": whole,
    "ParticipantPosition": side,
    "PlayerId": Maybe(whole),
    "PlayerName": Maybe(words),
    "Results": RESULTS,
}
INCIDENTS = Maybe([INCIDENT], null=True)
#: Substitutions have two players.
COUNTED = Maybe([{**INCIDENT, "Players": Maybe({"Item1": [NAMED], "Item2": [NAMED]})}], null=True)
PERIOD = {"Type": whole, "IsFinished": truth, "IsConfirmed": truth, "Results": RESULTS}
#: A game of a set.
SUB_PERIOD = {**PERIOD, "Incidents": nothing, "SubPeriods": nothing, "SequenceNumber": whole}
LIVESCORE = {
    "Scoreboard": {
        "Status": whole,
        "Description": Maybe(whole),
        "CurrentPeriod": whole,
        "Time": signed,
        "Clock": Maybe({"Status": whole, "Seconds": whole}),
        "Results": RESULTS,
    },
    "Periods": [
        {
            **PERIOD,
            "Incidents": INCIDENTS,
            "SubPeriods": Maybe(Maybe([SUB_PERIOD], null=True)),
            "SequenceNumber": Maybe(whole),
        }
    ],
    "Statistics": Maybe([{"Type": whole, "Results": RESULTS, "Incidents": COUNTED}]),
    "LivescoreExtraData": Maybe(DATA),
    "PlayerStatistics": Maybe(
        [
            {
                "PlayerId": whole,
                "PlayerName": words,
                "TeamId": whole,
                "HasPlayed": truth,
                "Statistics": [{"Id": whole, "Name": words, "Value": signed}],
            }
        ]
    ),
    "CurrentIncident": Maybe({"Id": whole, "Name": words, "LastUpdate": time, "Confirmation": whole}),
    "DangerTriggers": Maybe([{"Type": whole, "Status": whole, "LastUpdate": time}]),
}
QUOTE = {
    "Id": whole,
    "Name": words,
    "Status": whole,
    "StartPrice": price,
    "Price": price,
    "ParticipantId": Maybe(whole),
    "Order": Maybe(whole),
    "LastUpdate": time,
    "SerializedLastUpdate": Unmade(time),
}
#: What a prediction market tells of its bets, and a betting exchange of open ones.
PREDICTED = {"PredictionData": Maybe({"Volume": whole, "Liquidity": whole, "StartDate": time, "EndDate": time})}
EXCHANGED = {"LayPrice": Maybe(price), "PriceVolume": Maybe(price), "LayPriceVolume": Maybe(price)}
#: What LSports' own bets have, and one bookmaker's.
WELL_SPOKEN = {name: Maybe(signed) for name in ("PriceIN", "PriceUS", "PriceMA", "PriceHK")}
WELL_SPOKEN |= {"Probability": Maybe(fraction), "PriceUK": Maybe(odds)}
#: What bets on matches have beside that, open ones, and settled ones.
IN_MATCH = {"Line": Maybe(line), "BaseLine": Maybe(line), "PlayerId": Maybe(side), "PlayerName": Maybe(words)}
OPEN, SETTLED = {"SuspensionReason": Maybe(whole)}, {"Settlement": whole}
#: What the bets have that LSports calculates, no bookmaker's.
CALCULATED = {
    "StartPrice": Maybe(price),
    "CalculatedMargin": Maybe(fraction),
    "SerializedCalculatedMargin": Unmade(words),
    "ProviderBetId": side,
}
MAIN_LINE = {"MainLine": Maybe(line)}


def market(
    bet: dict[str, Any], calculated: dict[str, Any] = CALCULATED, main_line: dict[str, Any] | None = None
) -> Any:
    """A market whose bets have `bet` beside the quote; `main_line` where it may have lines."""
    settled = "Settlement" in bet
    providers = [
        {
            "Id": whole,
            "Name": words,
            "LastUpdate": time,
            "SerializedLastUpdate": Unmade(time),
            "MarketStatus": Maybe(whole),
            "PredictionData": Maybe({"Volume": whole}),
            "Bets": [{**QUOTE, **PREDICTED, **WELL_SPOKEN, **({} if settled else EXCHANGED), **bet}],
        }
    ]
    waits = {} if settled else {"PriceVolume": Maybe(price)}
    own = {**QUOTE, **PREDICTED, **WELL_SPOKEN, **waits, **bet, **calculated}
    bets = {"Bets": [own], "PredictionData": Maybe({"Volume": whole}), "ProviderMarkets": Maybe(providers)}
    return [{"Id": whole, "Name": words, "Status": Maybe(whole), **(main_line or {}), **bets}]


def events(event: dict[str, Any]) -> dict[str, Any]:
    return {"Header": HEADER, "Body": {"Events": [{"FixtureId": whole, **event}]}}


def level(**below: Any) -> dict[str, Any]:
    """A node of the tree."""
    return {"Id": whole, "Name": words, "Type": whole, **below}


def in_race(event: dict[str, Any]) -> dict[str, Any]:
    """Right below the track, or (type 42's sample) one level deeper."""
    listed = [{"FixtureId": whole, **event}]
    shallow, deep = level(Events=listed), level(Competitions=[level(Events=listed)])
    return {"Header": HEADER, "Body": {"Competition": Either(shallow, deep)}}


def in_season(event: dict[str, Any]) -> dict[str, Any]:
    listed = [{"FixtureId": whole, "Livescore": nothing, **event}]
    league = level(NextFixtureStartTime=Maybe(time), Competitions=[level(Events=listed)])
    return {"Header": HEADER, "Body": {"Competition": league}}


RUNNERS = [{"Id": whole, "Name": words, "Position": side, "IsActive": whole, "Form": Maybe(words), "ExtraData": DATA}]
OUTRIGHT_FIXTURE = {
    "Subscription": SUBSCRIPTION,
    "FixtureName": Maybe(words),
    "Sport": NAMED,
    "Location": NAMED,
    "StartDate": time,
    "LastUpdate": time,
    "Status": whole,
    "Participants": RUNNERS,
    "FixtureExtraData": Maybe(DATA),
    "ExtraData": Maybe(DATA),
    "Venue": Maybe(TRACK),
    "Season": Maybe(NAMED),
}
OUTRIGHT_LEAGUE = {
    "Subscription": SUBSCRIPTION,
    "FixtureName": Maybe(words),
    "Sport": NAMED,
    "Location": NAMED,
    "LastUpdate": time,
    "Status": whole,
    "ExtraData": DATA,
    "StartDate": Maybe(time),
    "EndDate": time,
    "Season": Maybe(NAMED),
}
KEEP_ALIVE = {"ActiveEvents": [whole], "ExtraData": Maybe(Maybe(DATA, null=True)), "ProviderId": Maybe(whole)}
PLACES = [{"ParticipantId": whole, "Name": words, "Result": whole}]
IN_RACE = {**CALCULATED, "Id": side, "ParticipantId": whole}
IN_SEASON = {**CALCULATED, "ParticipantId": whole}
SCHEMAS: dict[int, Any] = {
    1: events({"Fixture": FIXTURE, "Livescore": nothing, "Markets": nothing}),
    2: events({"Fixture": Maybe(SHORT_FIXTURE), "Livescore": LIVESCORE, "Markets": nothing}),
    3: events({"Livescore": nothing, "Markets": market(IN_MATCH | OPEN, main_line=MAIN_LINE)}),
    31: {"Header": BARE_HEADER, "Body": {"KeepAlive": KEEP_ALIVE}},
    32: {"Header": BARE_HEADER},
    35: events({"Livescore": nothing, "Markets": market(IN_MATCH | SETTLED, main_line=MAIN_LINE)}),
    37: in_race({"OutrightFixture": OUTRIGHT_FIXTURE}),
    38: in_season({"OutrightLeague": OUTRIGHT_LEAGUE, "Markets": nothing}),
    39: in_race(
        {
            "Livescore": nothing,
            "Markets": nothing,
            "OutrightScore": {"ParticipantResults": PLACES, "Status": whole},
        }
    ),
    40: in_season({"FixtureName": Maybe(words), "Markets": market(OPEN, IN_SEASON)}),
    41: in_race({"Livescore": nothing, "Markets": market(OPEN, IN_RACE)}),
    42: in_race({"Livescore": nothing, "Markets": market(SETTLED, IN_RACE)}),
    43: in_season({"FixtureName": Maybe(words), "Markets": market(SETTLED, IN_SEASON)}),
}
