"""LSports' rate limits (docs/protocol.md, Call limits), by package."""

from collections.abc import Callable
from threading import Lock

FULL_SNAPSHOT_SECONDS, SNAPSHOT_SECONDS, SAME_REQUEST_SECONDS = 15.0, 1.0, 5.0

STATUS = "/package/getdistributionstatus"
SWITCHES = ("/distribution/start", "/distribution/stop")


class Limits:
    """Snapshots: a full one each 15 s, any each second. Distribution calls: the same one each 5 s.

    A request that is refused does not count.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.last: dict[tuple[int, str], float] = {}
        self.lock = Lock()

    def allow_snapshot(self, package_id: int, *, full: bool) -> bool:
        now = self.clock()
        with self.lock:
            if self._since(package_id, "any", now) < SNAPSHOT_SECONDS:
                return False
            if full and self._since(package_id, "full", now) < FULL_SNAPSHOT_SECONDS:
                return False
            self.last[package_id, "any"] = now
            if full:
                self.last[package_id, "full"] = now
        return True

    def allow_stm(self, package_id: int, call: str) -> bool:
        now = self.clock()
        with self.lock:
            if self._since(package_id, call, now) < SAME_REQUEST_SECONDS:
                return False
            self.last[package_id, call] = now
            # LSports' own clients ask for the status, start, and ask again within two seconds.
            if call in SWITCHES:
                self.last.pop((package_id, STATUS), None)
        return True

    def _since(self, package_id: int, what: str, now: float) -> float:
        return now - self.last.get((package_id, what), float("-inf"))
