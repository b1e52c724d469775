"""The manual suspensions that hold now, as the desk's pages show them."""

from feed.pages.fixture import suspensions
from packages_admin.models import Suspension

#: The columns of `suspensions.Suspension`, in its order.
COLUMNS = "pk", "sport", "location", "competition", "fixture", "market", "line", "by_name", "at", "package__name"


def standing_suspensions() -> list[suspensions.Suspension]:
    rows = Suspension.objects.filter(resumed_at=None).values_list(*COLUMNS)
    return [suspensions.Suspension(*row) for row in rows]


def offer() -> None:
    """Make pages show the suspensions from now on."""
    suspensions.readers.append(standing_suspensions)
