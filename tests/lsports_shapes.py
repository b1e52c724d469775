"""The shapes of LSports' messages, as protocol.md and the samples have them: a kind of value for every key."""

from typing import Any

from tests.shapes import (
    Either,
    Maybe,
    Unmade,
    fraction,
    guid,
    line,
    nothing,
    odds,
    price,
    score,
    side,
    signed,
    spelled_truth,
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
VENUE = {
    "Id": whole,
    "Name": words,
    "Capacity": whole,
    "Attendance": Unmade(whole),
    "CourtSurfaceType": Unmade(words),
    "Environment": words,
    "Assignment": words,
    "Country": NAMED,
    "State": Unmade(NAMED),
    "City": NAMED,
}
FIXTURE = {
    "Subscription": SUBSCRIPTION,
    "Sport": NAMED,
    "Location": NAMED,
    "League": {**NAMED, "Gender": Maybe(whole)},
    "StartDate": time,
    "LastUpdate": time,
    "Status": whole,
    "Participants": PARTICIPANTS,
    "FixtureExtraData": Maybe(DATA),
    "Venue": Maybe(VENUE),
    "Stage": Unmade(NAMED),
    "Round": Maybe(NAMED),
    "Season": Unmade(NAMED),
}
SHORT_FIXTURE = {
    "Subscription": nothing,
    "Sport": NAMED,
    "Location": nothing,
    "League": nothing,
    "LastUpdate": time,
    "Participants": PARTICIPANTS,
}
INCIDENTS = Maybe(
    [
        {
            "Period": whole,
            "IncidentType": whole,
            "Seconds": whole,
            "ParticipantPosition": side,
            "PlayerId": Maybe(whole),
            "PlayerName": Maybe(words),
            "Results": RESULTS,
        }
    ],
    null=True,
)
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
            "Type": whole,
            "IsFinished": truth,
            "IsConfirmed": truth,
            "Results": RESULTS,
            "Incidents": INCIDENTS,
            "SubPeriods": Maybe(nothing),
            "SequenceNumber": Maybe(whole),
        }
    ],
    "Statistics": Maybe([{"Type": whole, "Results": RESULTS, "Incidents": INCIDENTS}]),
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
#: What bets on matches have beside that, open ones, and settled ones.
IN_MATCH = {"Line": Maybe(line), "BaseLine": Maybe(line), "PlayerId": Maybe(side), "PlayerName": Maybe(words)}
OPEN, SETTLED = {"SuspensionReason": Maybe(whole)}, {"Settlement": whole}
#: What the bets have that LSports calculates, no bookmaker's.
CALCULATED = {
    "StartPrice": Maybe(price),
    "Probability": Maybe(fraction),
    "CalculatedMargin": Unmade(fraction),
    "SerializedCalculatedMargin": Unmade(words),
    "ProviderBetId": side,
    "PriceIN": Maybe(signed),
    "PriceUS": Maybe(signed),
    "PriceUK": Maybe(odds),
    "PriceMA": Maybe(signed),
    "PriceHK": Maybe(signed),
}
MAIN_LINE = {"MainLine": Maybe(line)}


def market(
    bet: dict[str, Any], calculated: dict[str, Any] = CALCULATED, main_line: dict[str, Any] | None = None
) -> Any:
    """A market whose bets have `bet` beside the quote; `main_line` where it may have lines."""
    providers = [
        {
            "Id": whole,
            "Name": words,
            "LastUpdate": time,
            "SerializedLastUpdate": Unmade(time),
            "MarketStatus": Unmade(whole),
            "Bets": [{**QUOTE, **bet}],
        }
    ]
    bets = {"Bets": [{**QUOTE, **bet, **calculated}], "ProviderMarkets": Maybe(providers)}
    return [{"Id": whole, "Name": words, **(main_line or {}), **bets}]


def events(event: dict[str, Any]) -> dict[str, Any]:
    return {"Header": HEADER, "Body": {"Events": [{"FixtureId": whole, **event}]}}


def level(**below: Any) -> dict[str, Any]:
    return {"Id": whole, "Name": words, "Type": whole, "NextFixtureStartTime": Unmade(time), **below}


def in_race(event: dict[str, Any]) -> dict[str, Any]:
    """Right below the track, or (type 42's sample) one level deeper."""
    listed = [{"FixtureId": whole, **event}]
    shallow, deep = level(Events=listed), level(Competitions=[level(Events=listed)])
    return {"Header": HEADER, "Body": {"Competition": Either(shallow, deep)}}


def in_season(event: dict[str, Any]) -> dict[str, Any]:
    listed = [{"FixtureId": whole, "Livescore": nothing, **event}]
    return {"Header": HEADER, "Body": {"Competition": level(Competitions=[level(Events=listed)])}}


RUNNERS = [{"Id": whole, "Name": words, "Position": side, "IsActive": whole, "ExtraData": DATA}]
OUTRIGHT_FIXTURE = {
    "Subscription": SUBSCRIPTION,
    "Sport": NAMED,
    "Location": NAMED,
    "StartDate": time,
    "LastUpdate": time,
    "Status": whole,
    "Participants": RUNNERS,
    "FixtureExtraData": Maybe(DATA),
}
OUTRIGHT_LEAGUE = {
    "Subscription": SUBSCRIPTION,
    "Sport": NAMED,
    "Location": NAMED,
    "LastUpdate": time,
    "Status": whole,
    "ExtraData": DATA,
    "EndDate": time,
}
PLACES = [{"ParticipantId": whole, "Name": words, "Result": whole}]
IN_RACE = {**CALCULATED, "Id": side, "ParticipantId": whole}
IN_SEASON = {**CALCULATED, "ParticipantId": whole}
SHAPES: dict[int, Any] = {
    1: events({"Fixture": FIXTURE, "Livescore": nothing, "Markets": nothing}),
    2: events({"Fixture": Maybe(SHORT_FIXTURE), "Livescore": LIVESCORE, "Markets": nothing}),
    3: events({"Livescore": nothing, "Markets": market(IN_MATCH | OPEN, main_line=MAIN_LINE)}),
    31: {
        "Header": BARE_HEADER,
        "Body": {"KeepAlive": {"ActiveEvents": [whole], "ExtraData": Maybe(nothing), "ProviderId": Unmade(whole)}},
    },
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

HYPER_NAMED = {"id": whole, "name": words}
HYPER_FIXTURE = {
    "fixtureId": whole,
    "status": whole,
    "startDate": time,
    "sport": HYPER_NAMED,
    "league": HYPER_NAMED,
    "location": HYPER_NAMED,
    "participants": [{**HYPER_NAMED, "position": whole}],
}
HYPER_INCIDENT = {
    "status": Maybe(words, null=True),
    "id": whole,
    "fixtureId": whole,
    "name": words,
    "kind": words,
    "values": Maybe([{"position": whole, "value": signed}], null=True),
    "scoreType": Maybe(whole, null=True),
    "initiatorPosition": Maybe(whole, null=True),
    "seconds": Maybe(whole, null=True),
    "playerList": Maybe([{"id": whole, "teamId": whole, "name": words}], null=True),
    "period": HYPER_NAMED,
    "confidence": fraction,
}
HYPER_HEADER = {"MessageId": guid, "Timestamp": time, "MessageType": whole}
HYPER = {
    1: {"header": HYPER_HEADER, "body": HYPER_FIXTURE},
    2: {"header": HYPER_HEADER, "body": HYPER_INCIDENT},
}
#: Element to attributes: those it always has, those it may have (in brackets: only seeds have them), and its text.
XML: dict[str, tuple[str, str, Any]] = {
    "Message": ("", "", None), "Header": ("", "", None), "Body": ("", "", None), "Type": ("", "", side),
    "MsgId": ("", "", side), "MsgGuid": ("", "", guid), "ServerTimestamp": ("", "", side), "Events": ("", "", None),
    "Event": ("FixtureId", "", None), "Fixture": ("LastUpdate", "(ExternalProviderId)", None),
    "Sport": ("Id Name", "", None), "Location": ("Id Name", "", None), "League": ("Id Name", "", None),
    "StartDate": ("", "", time), "Status": ("", "", side), "Participants": ("", "", None),
    "Participant": ("Id Name Position", "IsActive", None), "ExtraData": ("", "", None),
    "FixtureExtraData": ("", "", None), "LivescoreExtraData": ("", "", None), "Data": ("Name", "", words),
    "Livescore": ("", "", None), "Scoreboard": ("Status CurrentPeriod Time", "Description", None),
    "Score": ("Position", "", score), "Value": ("Position", "", score), "Periods": ("", "", None),
    "Period": ("Type IsFinished IsConfirmed", "", None), "Incidents": ("", "", None),
    "Incident": ("Period IncidentType Seconds ParticipantPosition", "PlayerName", None), "Statistics": ("", "", None),
    "Statistic": ("Type", "", None), "Markets": ("", "", None), "Market": ("Id Name", "", None),
    "Provider": ("Id Name LastUpdate", "", None),
    "Bet": ("Id Name Status Price LastUpdate", "Line BaseLine StartPrice Settlement ParticipantId", None),
    "KeepAlive": ("", "", None), "ActiveEvent": ("", "", side), "Competitions": ("", "", None),
    "Competition": ("Id Name Type", "", None), "OutrightFixture": ("LastUpdate", "", None),
    "OutrightLeague": ("LastUpdate", "", None),
}  # fmt: skip
#: Attribute to the kind of its value; all others are whole numbers.
ATTRIBUTES = {
    "Name": words, "PlayerName": words, "LastUpdate": time, "IsFinished": spelled_truth, "IsConfirmed": spelled_truth,
    "Line": line, "BaseLine": line, "Price": price, "StartPrice": price,
}  # fmt: skip
#: Element to those that it may stand in.
XML_PARENTS = {
    "Header": "Message", "Body": "Message", "Type": "Header", "MsgId": "Header", "MsgGuid": "Header",
    "ServerTimestamp": "Header", "Events": "Body Competition", "Event": "Events", "Fixture": "Event",
    "Sport": "Fixture OutrightFixture OutrightLeague", "Location": "Fixture OutrightFixture OutrightLeague",
    "League": "Fixture", "StartDate": "Fixture OutrightFixture", "Status": "Fixture OutrightFixture OutrightLeague",
    "Participants": "Fixture OutrightFixture", "Participant": "Participants", "ExtraData": "Participant Livescore",
    "FixtureExtraData": "Fixture OutrightFixture", "LivescoreExtraData": "Livescore",
    "Data": "ExtraData FixtureExtraData LivescoreExtraData", "Livescore": "Event", "Scoreboard": "Livescore",
    "Score": "Scoreboard Period Incident", "Value": "Statistic", "Periods": "Livescore", "Period": "Periods",
    "Incidents": "Period Statistic", "Incident": "Incidents", "Statistics": "Livescore", "Statistic": "Statistics",
    "Markets": "Event", "Market": "Markets", "Provider": "Market", "Bet": "Provider", "KeepAlive": "Body",
    "ActiveEvent": "KeepAlive", "Competitions": "Competition Body", "Competition": "Competitions Body",
    "OutrightFixture": "Event", "OutrightLeague": "Event",
}  # fmt: skip
