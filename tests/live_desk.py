"""A desk of real processes that a test feeds message by message, and to which the way can be cut."""

import json
import secrets
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import redis
from playwright.sync_api import BrowserContext

from exam.processes import Desk, desk, free_port, sign_in, until
from exam.proxy import Proxy
from tests.broker import Broker

PASSWORD = "a long enough word"
MAKE_TRADER = f"""
from django.contrib.auth.models import Group, User
from django.utils import timezone
from feed.models import SubscriberToken
User.objects.create_user("ann", password="{PASSWORD}").groups.add(Group.objects.get(name="trader"))
token = SubscriberToken(name="odds screen", made_at=timezone.now(), most_requests_per_minute=100_000)
print("token", token.new_secret())
token.save()
"""
NOT_STARTED, IN_PLAY, FINISHED = 1, 2, 3


class LiveDesk:
    """consume_feed and a web process. What is published to `broker` is stored and shown; `way` leads to the pages."""

    def __init__(self, made: Desk, broker: Broker) -> None:
        self.made = made
        self.broker = broker
        self.sent: Counter[tuple[int, int, int | None]] = Counter()
        self.token = made.run("shell", "--command", MAKE_TRADER).partition("token ")[2].split()[0]
        self.start_consumer()
        self.direct = made.serve()
        self.web = made.started[-1]
        self.proxy = Proxy(self.direct)
        self.address = self.proxy.url
        self.stream = f"{self.address.replace('http', 'ws')}/ws/v1/stream"
        self.cookies = sign_in(self.direct, "ann", PASSWORD)

    def start_consumer(self) -> None:
        self.consumer = self.made.start("manage.py", "consume_feed", "--queue", self.broker.queue)

    def end_consumer(self, end: int) -> None:
        """End it by this signal."""
        self.consumer.send_signal(end)
        self.consumer.wait(20)

    def restart_web(self, end: int) -> None:
        """End the web process by this signal, and serve anew on its port."""
        self.web.send_signal(end)
        self.web.wait(20)
        self.made.serve(int(self.direct.rpartition(":")[2]))
        self.web = self.made.started[-1]

    def publish(self, kind: int, event: dict[str, Any]) -> None:
        """An event of LSports, newer than all before."""
        numbered_by = kind, event["FixtureId"], (event.get("Markets") or [{}])[0].get("Id")
        self.sent[numbered_by] += 1
        now = datetime.now(UTC)
        number = self.sent[numbered_by]
        header = {"Type": kind, "MsgSeq": number, "MsgGuid": "g", "ServerTimestamp": int(now.timestamp() * 1000)}
        self.broker.publish(json.dumps({"Header": header, "Body": {"Events": [event]}}).encode())

    def beat(self, after: float = 0) -> None:
        """A heartbeat, by LSports' clock so many seconds from now."""
        sent_at = datetime.now(UTC) + timedelta(seconds=after)
        header = {"Type": 32, "MsgGuid": "g", "ServerTimestamp": int(sent_at.timestamp() * 1000)}
        self.broker.publish(json.dumps({"Header": header}).encode())

    def fixture(self, pk: int, status: int = IN_PLAY, *, league: int = 8363, home_plays: bool = True) -> None:
        """Describe a fixture; its sides are Home <pk> and Away <pk>."""
        now = datetime.now(UTC)
        names = (("1", "Home"), ("2", "Away"))
        sides = [{"Id": pk * 10 + int(n), "Name": f"{name} {pk}", "Position": n} for n, name in names]
        sides[0]["IsActive"] = int(home_plays)
        described = {
            "Sport": {"Id": 6046, "Name": "Football"},
            "Location": {"Id": 142, "Name": "Spain"},
            "League": {"Id": league, "Name": f"League {league}"},
            "StartDate": (now + timedelta(minutes=pk % 60)).isoformat(),
            "LastUpdate": now.isoformat(),
            "Status": status,
            "Participants": sides,
        }
        self.publish(1, {"FixtureId": pk, "Fixture": described})

    def score(self, pk: int, home: int, away: int) -> None:
        results = [{"Position": "1", "Value": str(home)}, {"Position": "2", "Value": str(away)}]
        scoreboard = {"Status": IN_PLAY, "CurrentPeriod": 10, "Time": "600", "Results": results}
        livescore = {"Scoreboard": scoreboard, "Periods": [], "Statistics": []}
        self.publish(2, {"FixtureId": pk, "Livescore": livescore})

    def price(self, pk: int, price: str, *, market: int = 1, name: str = "1X2") -> None:
        """The price of the first of a market's bets."""
        now = datetime.now(UTC)
        bet = {"Id": pk * 1000 + market, "Name": "1", "Status": 1, "Price": price, "LastUpdate": now.isoformat()}
        provider = {"Id": 8, "Name": "Bet Eight", "Bets": [bet]}
        markets = [{"Id": market, "Name": name, "ProviderMarkets": [provider]}]
        self.publish(3, {"FixtureId": pk, "Markets": markets})

    def get(self, path: str) -> httpx.Response:
        """What ann is answered, by a way that is never cut."""
        answer = httpx.get(self.direct + path, cookies=self.cookies)
        assert answer.status_code == 200, answer.text
        return answer

    def sign_in(self, context: BrowserContext) -> None:
        """The context's pages are ann's."""
        context.add_cookies([{"name": key, "value": value, "url": self.address} for key, value in self.cookies.items()])


@contextmanager
def live_desk(postgresql_url: str, redis_url: str, amqp_url: str, **more: str) -> Iterator[LiveDesk]:
    """Whose sources stay up however long a test is silent. `more` are settings."""
    broker = Broker(amqp_url)
    settings = {"DATABASE_URL": postgresql_url, "REDIS_URL": redis_url, "REDIS_PREFIX": f"test-{secrets.token_hex(4)}"}
    settings |= {"FEED_LAG_SECONDS": "36000", "FEED_LATE_SECONDS": "36000", "FEED_DOWN_SECONDS": "36000"}
    try:
        with desk(**settings | more, AMQP_URL=amqp_url, AMQP_QUEUE=broker.queue) as made:
            running = LiveDesk(made, broker)
            with running.proxy:
                yield running
    finally:
        broker.close()


class OwnRedis:
    """A Redis of one test, which may be ended and begun anew."""

    def __init__(self, server: str, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.command = [server, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL)
        until(self.answers, 10, "Redis")

    def answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)
