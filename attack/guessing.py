"""Guessing: wrong passwords and codes, at any parallelism, over two web processes and from changing addresses."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import httpx

from .report import Findings
from .target import CSRF, Target

#: How many wrong passwords may be tried in a quarter of an hour.
PER_NAME, PER_ADDRESS = 5, 50
AT_ONCE, FEW_AT_ONCE = 40, 20
#: The form again (200): the password was tried. 429: it was not, since the name is locked.
TRIED, LOCKED, BUSY = 200, 429, 503
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "CF-Connecting-IP")

Try = Callable[[int], int]


def run(target: Target, short: bool) -> Findings:
    findings = Findings("guessing")
    guesses = Guesses(target, FEW_AT_ONCE if short else AT_ONCE, findings)
    times = 1 if short else 3
    guesses.one_name(20 * times)
    guesses.changing_address(20 * times)
    guesses.many_addresses(20 * times)
    guesses.many_names(60)
    guesses.names_written_otherwise(target.people["operator"]["name"])
    guesses.own_password(20 * times)
    guesses.codes(20 * times)
    return findings


class Guesses:
    """Each method makes its guesses and says how many of them were tried."""

    def __init__(self, target: Target, at_once: int, findings: Findings) -> None:
        self.target = target
        self.findings = findings
        self.at_once = at_once
        self.source = (f"127.0.3.{number}" for number in count(1))

    def one_name(self, number: int) -> None:
        """Guess one name from one address; afterwards even the right password is refused."""
        name, source = self.target.people["guest"]["name"], next(self.source)
        self.count("one name, one address", PER_NAME, number, lambda place: self.sign_in(name, source, place))
        right = self.sign_in(name, source, 0, self.target.password)
        self.findings.check("a locked name is locked for the right password too", name, right == LOCKED, right)

    def changing_address(self, number: int) -> None:
        name, source = self.target.people["trader"]["name"], next(self.source)
        headers = [dict.fromkeys(FORWARDED, f"192.0.2.{place}") for place in range(number)]
        self.count(
            "one name, a changing X-Forwarded-For",
            PER_NAME,
            number,
            lambda place: self.sign_in(name, source, place, headers=headers[place]),
        )

    def many_addresses(self, number: int) -> None:
        name = self.target.people["administrator"]["name"]
        sources = [next(self.source) for _ in range(number)]
        self.count(
            "one name, many addresses", PER_NAME, number, lambda place: self.sign_in(name, sources[place], place)
        )

    def many_names(self, number: int) -> None:
        source = next(self.source)
        guess: Try = lambda place: self.sign_in(f"invented-{place}", source, place)  # noqa: E731
        self.count("many names, one address", PER_ADDRESS, number, guess)

    def names_written_otherwise(self, name: str) -> None:
        """Written in upper case, in full width, with spaces or a NUL, it is still the same name."""
        wide = "".join(chr(ord(letter) + 0xFEE0) if letter.isalpha() else letter for letter in name)
        forms = [name, name.upper(), name.title(), wide, f" {name} ", name.swapcase(), f"{name} "] * 2
        source = next(self.source)
        self.count(
            "one name, written in other ways", PER_NAME, len(forms), lambda at: self.sign_in(forms[at], source, at)
        )

    def own_password(self, number: int) -> None:
        """The old password of a stolen session."""
        source, words = next(self.source), {"new_password1": "a long horse 77", "new_password2": "a long horse 77"}
        guess: Try = lambda at: self.post(  # noqa: E731
            "/password/", {"old_password": f"no {at}", **words}, source, at, self.target.cookies("codeless")
        )
        self.count("the old password at /password/", PER_NAME, number, guess)

    def codes(self, number: int) -> None:
        """The second factor of somebody whose password is known: the phone's codes, and recovery codes."""
        source, cookie = next(self.source), self.target.cookies("codeless")
        for kind, codes in (("the phone's codes", "{:06}"), ("recovery codes", "a{:06}")):
            guess: Try = lambda at, codes=codes: self.post(  # type: ignore[misc]  # noqa: E731
                "/admin/code/", {"code": codes.format(at)}, source, at, cookie
            )
            self.count(f"{kind} at /admin/code/", PER_NAME, number, guess)

    def count(self, what: str, most: int, number: int, guess: Try) -> None:
        with ThreadPoolExecutor(self.at_once) as pool:
            answers = list(pool.map(guess, range(number)))
        self.judge(what, most, answers)

    def judge(self, what: str, most: int, answers: Sequence[int]) -> None:
        tried = answers.count(TRIED)
        others = {status for status in answers if status not in (TRIED, LOCKED, BUSY)}
        self.findings.check("no more are tried than may be", what, tried <= most, f"{tried} of {len(answers)}")
        self.findings.check("guesses are answered", what, not others, others)
        self.findings.measure(f"{what}: tried of {len(answers)}", tried)

    def sign_in(
        self, name: str, source: str, place: int, password: str = "", headers: dict[str, str] | None = None
    ) -> int:
        fields = {"username": name, "password": password or f"wrong {place}"}
        return self.post("/sign_in/", fields, source, place, self.target.cookies(""), headers)

    def post(
        self,
        path: str,
        fields: dict[str, str],
        source: str,
        place: int,
        cookie: str,
        headers: dict[str, str] | None = None,
    ) -> int:
        """The status, of one web process or the other in turn."""
        given = {"Cookie": cookie, "X-CSRFToken": CSRF, **(headers or {})}
        with self.target.client(source, place % len(self.target.addresses)) as client:
            client.timeout = httpx.Timeout(120)
            return client.post(path, data=fields, headers=given).status_code
