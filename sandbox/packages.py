"""The customers' packages: who may ask for what, and which of them is served just now."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock

from .outgoing import Feed

#: The answers to a request that cannot be served, in the order in which they are checked (docs/protocol.md,
#: Customers API).
BAD_ID = "PackageId must be a positive integer"
NO_USER = "Username is required"
NO_PASSWORD = "Password is required"  # noqa: S105 - a message
BAD_CREDENTIALS = "Invalid package credentials"


class Refused(Exception):
    """A request that LSports answers with 400; the message is LSports' own."""


class Product(StrEnum):
    """What a customer buys: each of LSports' packages is of one."""

    IN_PLAY = "trade-in-play"
    PRE_MATCH = "trade-pre-match"
    HYPER = "hyper"


FEEDS = {
    Product.IN_PLAY: (Feed.IN_PLAY,),
    Product.PRE_MATCH: (Feed.PRE_MATCH,),
    Product.HYPER: (Feed.FIXTURES, Feed.INCIDENTS),
}


@dataclass(slots=True, kw_only=True)
class Package:
    """`active` packages get messages. Both of LSports' switches (activation, distribution) turn this one.

    Without a `product` it is of all of them, so that one is enough for a desk. `cancelled` are the fixtures that it has
    cancelled: all others are ordered.
    """

    id: int
    user: str
    password: str
    active: bool = True
    product: Product | None = None
    cancelled: set[int] = field(default_factory=set)

    def takes(self, feeds: Iterable[Feed]) -> bool:
        """Whether one of the feeds belongs to its product."""
        return self.product is None or any(feed in FEEDS[self.product] for feed in feeds)


class Packages:
    """Safe to use from the API's threads and the publishing one."""

    def __init__(self, packages: list[Package]) -> None:
        self.by_id = {package.id: package for package in packages}
        self.lock = Lock()

    def find(self, package_id: object, user: object, password: object, feeds: Iterable[Feed] = Feed) -> Package:
        """The package, if these are its credentials and one of the feeds is its own. Raises `Refused`."""
        if not isinstance(package_id, int) or isinstance(package_id, bool) or package_id <= 0:
            raise Refused(BAD_ID)
        if not isinstance(user, str) or not user:
            raise Refused(NO_USER)
        if not isinstance(password, str) or not password:
            raise Refused(NO_PASSWORD)
        package = self.by_id.get(package_id)
        if package is None or (package.user, package.password) != (user, password) or not package.takes(feeds):
            raise Refused(BAD_CREDENTIALS)
        return package

    def switch(self, package: Package, active: bool) -> bool:
        """Turn a package on or off; false where it was so already."""
        with self.lock:
            changed = package.active is not active
            package.active = active
        return changed

    def active(self) -> list[Package]:
        return [package for package in self.by_id.values() if package.active]


def parse_package(text: str) -> Package:
    """`ID:USER:PASSWORD`, perhaps with `:PRODUCT`; the password may hold colons.

    Raises ValueError with what is wrong.
    """
    package_id, _, rest = text.partition(":")
    user, _, password = rest.partition(":")
    if not package_id.isdigit() or int(package_id) <= 0:
        raise ValueError(f"{text!r}: a package is ID:USER:PASSWORD, and ID a positive number")
    before, _, last = password.rpartition(":")
    product = Product(last) if before and last in list(Product) else None
    if product is not None:
        password = before
    if not user or not password:
        raise ValueError(f"{package_id!r}: a package is ID:USER:PASSWORD, with a user and a password")
    return Package(id=int(package_id), user=user, password=password, product=product)
