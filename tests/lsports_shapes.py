"""The shapes of LSports' messages, as protocol.md and the samples have them: a kind of value for every key."""

from typing import Any

from tests.shapes import Either, Maybe, fraction, guid, nothing, odds, price, side, signed, time, truth, whole, words

NAMED = {"Id": whole, "Name": words}
DATA = [{"Name": words, "Value": words}]
RESULTS = [{"Position": side, "Value": words}]
SUBSCRIPTION = {"Type": whole, "Status": whole}
HEADER = {
    "Type": whole,
    "MsgSeq": whole,
    "MsgGuid": guid,
    "CreationDate": time,
    "SerializedCreationDate": Maybe(time),
    "ServerTimestamp": whole,
}
BARE_HEADER = {"Type": whole, "MsgGuid": guid, "ServerTimestamp": whole}
PARTICIPANTS = [{"Id": whole, "Name": words, "Position": side}]
VENUE = {
    "Id": whole,
    "Name": words,
    "Capacity": whole,
    "Attendance": Maybe(whole),
    "CourtSurfaceType": Maybe(words),
    "Environment": words,
    "Assignment": words,
    "Country": NAMED,
    "State": Maybe(NAMED),
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
PROVIDER_BET = {
    "Id": whole,
    "Name": words,
    "Line": Maybe(words),
    "BaseLine": Maybe(words),
    "Status": whole,
    "StartPrice": price,
    "Price": price,
    "Settlement": Maybe(whole),
    "SuspensionReason": Maybe(whole),
    "ParticipantId": Maybe(whole),
    "PlayerId": Maybe(side),
    "PlayerName": Maybe(words),
    "Order": Maybe(whole),
    "LastUpdate": time,
    "SerializedLastUpdate": Maybe(time),
}
BET = {
    **PROVIDER_BET,
    "StartPrice": Maybe(price),
    "Probability": Maybe(fraction),
    "CalculatedMargin": Maybe(fraction),
    "SerializedCalculatedMargin": Maybe(words),
    "ProviderBetId": side,
    "PriceIN": Maybe(signed),
    "PriceUS": Maybe(signed),
    "PriceUK": Maybe(odds),
    "PriceMA": Maybe(signed),
    "PriceHK": Maybe(signed),
}
PROVIDERS = Maybe(
    [
        {
            "Id": whole,
            "Name": words,
            "LastUpdate": time,
            "SerializedLastUpdate": Maybe(time),
            "MarketStatus": Maybe(whole),
            "Bets": [PROVIDER_BET],
        }
    ]
)


def market(bet: dict[str, Any]) -> list[Any]:
    return [{"Id": whole, "Name": words, "MainLine": Maybe(words), "Bets": [bet], "ProviderMarkets": PROVIDERS}]


def events(event: dict[str, Any]) -> dict[str, Any]:
    return {"Header": HEADER, "Body": {"Events": [{"FixtureId": whole, **event}]}}


def level(**below: Any) -> dict[str, Any]:
    return {"Id": whole, "Name": words, "Type": whole, "NextFixtureStartTime": Maybe(time), **below}


def in_race(event: dict[str, Any]) -> dict[str, Any]:
    """Right below the track, or (type 42's sample) one level deeper."""
    listed = [{"FixtureId": whole, **event}]
    shallow, deep = level(Events=listed), level(Competitions=[level(Events=listed)])
    return {"Header": HEADER, "Body": {"Competition": Either(shallow, deep)}}


def in_season(event: dict[str, Any]) -> dict[str, Any]:
    listed = [{"FixtureId": whole, "FixtureName": Maybe(words), "Livescore": nothing, **event}]
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
RACE_BET = {**BET, "Id": side, "ParticipantId": whole}
SEASON_BET = {**BET, "ParticipantId": whole}
SETTLED_BET = {**BET, "Settlement": whole}
SHAPES: dict[int, Any] = {
    1: events({"Fixture": FIXTURE, "Livescore": nothing, "Markets": nothing}),
    2: events({"Fixture": Maybe(SHORT_FIXTURE), "Livescore": LIVESCORE, "Markets": nothing}),
    3: events({"Livescore": nothing, "Markets": market(BET)}),
    31: {
        "Header": BARE_HEADER,
        "Body": {"KeepAlive": {"ActiveEvents": [whole], "ExtraData": Maybe(nothing), "ProviderId": Maybe(whole)}},
    },
    32: {"Header": BARE_HEADER},
    35: events({"Livescore": nothing, "Markets": market(SETTLED_BET)}),
    37: in_race({"OutrightFixture": OUTRIGHT_FIXTURE}),
    38: in_season({"OutrightLeague": OUTRIGHT_LEAGUE, "Markets": nothing}),
    39: in_race(
        {
            "Livescore": nothing,
            "Markets": nothing,
            "OutrightScore": {"ParticipantResults": PLACES, "Status": whole},
        }
    ),
    40: in_season({"Markets": market(SEASON_BET)}),
    41: in_race({"Livescore": nothing, "Markets": market(RACE_BET)}),
    42: in_race({"Livescore": nothing, "Markets": market({**RACE_BET, "Settlement": whole})}),
    43: in_season({"Markets": market({**SEASON_BET, "Settlement": whole})}),
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
#: Element to attributes: those it always has, those it may have.
XML = {
    "Message": ("", ""), "Header": ("", ""), "Body": ("", ""), "Type": ("", ""), "MsgId": ("", ""),
    "MsgGuid": ("", ""), "ServerTimestamp": ("", ""), "Events": ("", ""), "Event": ("FixtureId", ""),
    "Fixture": ("LastUpdate", "ExternalProviderId"), "Sport": ("Id Name", ""), "Location": ("Id Name", ""),
    "League": ("Id Name", ""), "StartDate": ("", ""), "Status": ("", ""), "Participants": ("", ""),
    "Participant": ("Id Name Position", "IsActive"), "ExtraData": ("", ""), "FixtureExtraData": ("", ""),
    "LivescoreExtraData": ("", ""), "Data": ("Name", ""), "Livescore": ("", ""),
    "Scoreboard": ("Status CurrentPeriod Time", "Description"), "Score": ("Position", ""), "Value": ("Position", ""),
    "Periods": ("", ""), "Period": ("Type IsFinished IsConfirmed", ""), "Incidents": ("", ""),
    "Incident": ("Period IncidentType Seconds ParticipantPosition", "PlayerName"), "Statistics": ("", ""),
    "Statistic": ("Type", ""), "Markets": ("", ""), "Market": ("Id Name", ""),
    "Provider": ("Id Name LastUpdate", ""),
    "Bet": ("Id Name Status Price LastUpdate", "Line BaseLine StartPrice Settlement ParticipantId"),
    "KeepAlive": ("", ""), "ActiveEvent": ("", ""), "Competitions": ("", ""), "Competition": ("Id Name Type", ""),
    "OutrightFixture": ("LastUpdate", ""), "OutrightLeague": ("LastUpdate", ""),
}  # fmt: skip
