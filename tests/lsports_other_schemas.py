"""The structures of Hyper Livescore JSON and OddService XML, as LSports documents them."""

from typing import Any

from tests.schemas import (
    Maybe,
    fraction,
    guid,
    line,
    price,
    score,
    side,
    signed,
    spelled_truth,
    time,
    whole,
    words,
)

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
