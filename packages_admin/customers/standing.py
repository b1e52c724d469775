"""The manual suspensions that hold now, as the desk's pages show them."""

from feed.pages.fixture import suspensions
from packages_admin.models import Suspension


def standing_suspensions() -> list[suspensions.Suspension]:
    rows = Suspension.objects.filter(resumed_at=None).select_related("package")
    return [
        suspensions.Suspension(
            pk=row.pk,
            sport=row.sport,
            location=row.location,
            league=row.competition,
            fixture=row.fixture,
            market=row.market,
            line=row.line,
            by=row.by_name,
            at=row.at,
            package=row.package.name,
        )
        for row in rows
    ]


def offer() -> None:
    """Make pages show the suspensions from now on."""
    suspensions.readers.append(standing_suspensions)
