"""Rights: every address, asked by everybody in every way, against the declared table; forms of strangers; redirects."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
from django.utils.http import url_has_allowed_host_and_scheme

from .access import NOBODY, PAGES, PROGRAMS, rules
from .report import Findings
from .sockets import page_socket, program_socket, topics_of
from .target import CSRF, Target

SOURCE = "127.0.0.11"
AT_ONCE = 6
ROLES = (NOBODY, "guest", "trader", "operator", "codeless", "administrator", "root")
TOKENS = ("token all", "token scores", "token elsewhere", "token revoked")
READING, POSTING = ("GET", "HEAD"), ("POST",)
#: Ways that no view of the desk offers: they must give no more than reading does, and change nothing.
OTHERS = ("PUT", "PATCH", "DELETE", "OPTIONS")
#: What a post ends is asked last: one's session, for which another one is taken, and a token.
ENDING = {"sign_out": 1, "logout": 2, "feed_subscribertoken_revoke": 0}
#: Recordings are read for one request at a time; of an operator's, the others are told to come back.
READ_IN_TURN = ("log_zip", "log_body")
#: Where a guard sends who must sign in or show a code first.
GATES = ("/sign_in/", "/admin/login/", "/admin/code/", "/admin/enrol/")
ELSEWHERE = ("https://evil.example/", "//evil.example", "/\\evil.example", "https:evil.example", "javascript:alert(1)")
WITH_NEXT = ("/sign_in/", "/admin/login/", "/admin/code/", "/admin/enrol/", "/sign_out/", "/admin/logout/")


class Cell(NamedTuple):
    """One question: this person, this way, this address; and whether the table lets them, and lets them read."""

    name: str
    path: str
    role: str
    method: str
    may: bool
    may_read: bool

    @property
    def place(self) -> str:
        return f"{self.method} {self.path} as {self.role}"


def run(target: Target, short: bool) -> Findings:
    findings = Findings("rights")
    table = rules()
    for name, path in target.paths:
        findings.check("every address has a rule", path, name in table, name)
    before = target.fingerprint()
    refused = [cell for cell in cells(target, table, short) if not cell.may]
    put_all(target, findings, "who may not is refused", refused)
    forged = [cell for cell in cells(target, table, short) if cell.may and cell.method == "POST"]
    for cell, answer in answered(target, forged, with_token=False):
        holds = answer.status_code in (401, 403) or cell.name in PROGRAMS
        findings.check("a form without its token is refused", cell.place, holds, answer.status_code)
    for name, digest in target.fingerprint().items():
        findings.check("what was refused changed nothing", f"table {name}", digest == before.get(name), "is different")
    allowed = [cell for cell in cells(target, table, short) if cell.may]
    put_all(target, findings, "who may is let in, and nothing fails", allowed)
    redirects(target, findings)
    sockets(target, findings)
    return findings


def cells(target: Target, table: Mapping[str, tuple[frozenset[str], frozenset[str]]], short: bool) -> Iterator[Cell]:
    """All questions. In the short form one way of each sort."""
    methods = ("GET", "POST") if short else (*READING, *POSTING, *OTHERS)
    for name, path in target.paths:
        readers, writers = table.get(name, (frozenset(), frozenset()))
        roles = (*ROLES, *TOKENS) if name in PROGRAMS or (name in PAGES and not short) else ROLES
        for role, method in product(roles, methods):
            people = readers if method in READING else writers if method in POSTING else frozenset()
            if short and role == "root" and len(people) > 1:
                continue  # what others may, a superuser may; asked only where they alone may
            # On pages a token is nothing: who shows one there is nobody.
            who = NOBODY if role in TOKENS and name in PAGES else role
            yield Cell(name, path, role, method, who in people, who in readers)


def put_all(target: Target, findings: Findings, what: str, questions: list[Cell]) -> None:
    for cell, answer in answered(target, questions, with_token=True):
        status = answer.status_code
        # Requests beyond the threads that may read the past, or recordings, are answered with when to come back.
        is_one_of_many = " /at/" in cell.place or cell.name in READ_IN_TURN
        is_too_much = status == 503 and is_one_of_many and "retry-after" in answer.headers
        findings.check("nothing answers 500", cell.place, status < 500 or is_too_much, f"{status} {answer.text[:200]}")
        holds = is_right(cell, answer) or (is_too_much and cell.name in READ_IN_TURN)
        findings.check(what, cell.place, holds, f"{status} {answer.headers.get('location', '')}")


def is_right(cell: Cell, answer: httpx.Response) -> bool:
    """Whether the answer is what the table says."""
    if answer.status_code == 405:
        return not cell.may
    if cell.method == "OPTIONS" and not answer.content:
        return True
    if not cell.may and cell.may_read and cell.method not in READING:
        # Django's own pages answer anything as they answer GET; the fingerprint says whether they did more.
        return True
    return is_let_in(answer) == cell.may


def is_let_in(answer: httpx.Response) -> bool:
    return answer.status_code not in (401, 403, 404) and not is_gate(answer)


def is_gate(answer: httpx.Response) -> bool:
    """Whether it sends to sign in or to enter a code first, and says where one wanted to go."""
    where = urlsplit(answer.headers["location"]) if answer.is_redirect else urlsplit("")
    return where.path in GATES and "next=" in where.query


def answered(target: Target, questions: list[Cell], with_token: bool) -> Iterator[tuple[Cell, httpx.Response]]:
    """Each question with its answer; what ends a session comes last, in a session of its own."""
    ending = [cell for cell in questions if cell.name in ENDING and cell.method == "POST"]
    others = [cell for cell in questions if cell not in ending]
    with target.client(SOURCE) as client, ThreadPoolExecutor(AT_ONCE) as pool:
        yield from zip(others, pool.map(lambda cell: ask(target, client, cell, with_token), others), strict=True)
        for cell in ending:
            yield cell, ask(target, client, cell, with_token, session=ENDING[cell.name])


def ask(target: Target, client: httpx.Client, cell: Cell, with_token: bool, session: int = 0) -> httpx.Response:
    headers = {"Accept": "text/html"}
    if cell.role in TOKENS:
        headers["Authorization"] = f"Bearer {target.tokens[cell.role.removeprefix('token ')]}"
    else:
        headers["Cookie"] = target.cookies(cell.role, session)
    if with_token:
        headers["X-CSRFToken"] = CSRF
        headers.setdefault("Cookie", target.cookies(NOBODY))
    return client.request(cell.method, cell.path, headers=headers)


def redirects(target: Target, findings: Findings) -> None:
    """Nobody is led to another site, whatever an address names as its next page."""
    with target.client(SOURCE) as client:
        for role, path, elsewhere in product((NOBODY, "trader", "operator"), WITH_NEXT, ELSEWHERE):
            headers = {"Cookie": target.cookies(role), "X-CSRFToken": CSRF}
            for method in ("GET",) if path.endswith("out/") else ("GET", "POST"):
                answer = client.request(method, path, params={"next": elsewhere}, headers=headers)
                where = answer.headers.get("location", "/")
                is_ours = url_has_allowed_host_and_scheme(where, {answer.url.netloc.decode()})
                findings.check("no address leads to another site", f"{method} {answer.url} as {role}", is_ours, where)
        sign_in(target, client, findings)


def sign_in(target: Target, client: httpx.Client, findings: Findings) -> None:
    """Sign in with the right password, and another site as the next page."""
    given = {"username": target.people["root"]["name"], "password": target.password}
    for elsewhere in ELSEWHERE:
        headers = {"Cookie": target.cookies(NOBODY), "X-CSRFToken": CSRF}
        answer = client.post("/sign_in/", data={**given, "next": elsewhere}, headers=headers)
        where = answer.headers.get("location", "")
        holds = answer.status_code == 302 and where == "/"
        findings.check("no address leads to another site", f"signing in with next={elsewhere}", holds, where)


def sockets(target: Target, findings: Findings) -> None:
    """Pages' topics for people without a right to them, programs' selections beyond their token."""
    address = target.addresses[0]
    with target.client(SOURCE) as client:
        topics = topics_of(target.ask(client, "trader", "GET", "/fixtures/7/").text)
    watch = {"watch": dict.fromkeys(topics, "")}
    for role in (NOBODY, "guest"):
        got = page_socket(address, target.cookies(role), watch, source=SOURCE)
        findings.check("topics of what is not theirs", f"page socket as {role}", not got.frames, got)
    for origin in ("https://evil.example", address.replace("http", "https"), "null", f"{address}0"):
        got = page_socket(address, target.cookies("trader"), watch, source=SOURCE, origin=origin)
        findings.check("sockets of other sites' pages", f"page socket from {origin}", not got.frames, got)
    got = page_socket(address, target.cookies("trader"), watch, source=SOURCE)
    findings.check("a trader's own socket is let in", "page socket as trader", bool(got.frames), got)
    strange = ("../etc", "board?pins=x", "notes:7?user=1", "scoreboard:99999999999999999999", "x" * 5000, "feed\0")
    for topic in strange:
        got = page_socket(address, target.cookies("trader"), {"watch": {topic: ""}}, source=SOURCE)
        findings.check("topics that are none", topic[:60], "Traceback" not in str(got), got)
    programs(target, findings)


def programs(target: Target, findings: Findings) -> None:
    """What a program receives for its token; fixture 7 is in no league of `elsewhere`."""
    everything = {"op": "subscribe"}
    fixture_7 = {"op": "subscribe", "fixtures": [7], "contents": "all"}
    for token, message in product(("", "revoked", "elsewhere", "scores"), (everything, fixture_7)):
        secret = target.tokens.get(token, "desk_invented")
        got = program_socket(target.addresses[0], secret, message, source=SOURCE)
        text = "".join(got.frames)
        seen = '"markets":[' in text if token == "scores" else '"snapshot"' in text
        findings.check("topics of what is not theirs", f"stream with token {token or 'invented'}", not seen, text[:300])
    got = program_socket(target.addresses[0], target.tokens["all"], fixture_7, source=SOURCE)
    findings.check(
        "a program's own stream is let in", "stream with token all", '"snapshot"' in "".join(got.frames), got
    )
