"""What is withheld at year end, for the tests of suppression."""

from apps.indicators.basis import Basis
from apps.indicators.computation import Figures, compute
from apps.organisation.models import Site
from tests.factories import World
from tests.indicators.published import Cell
from tests.workforce.records import breakdown, put_counts

WITHHELD = "withheld"


def at_year_end(site: Site, **groups: int) -> None:
    put_counts(breakdown(site), "year_end", **groups)


def figures(world: World, *sites: Site) -> Figures:
    """Of these sites, or of all."""
    return compute(year=world.year, sites=sites or list(Site.objects.all()), basis=Basis.ALL)


def withheld(found: Figures) -> set[Cell]:
    """The counts at year end that are not shown."""
    cells = set()
    for figure in found.rows(group=len(found.sites) > 1):
        code = figure.kpi.code
        if code.startswith("WF-END-") and not code.endswith("-D") and figure.is_withheld:
            assert (figure.value, figure.display, figure.reason, figure.rows) == (None, "–", WITHHELD, 0)
            cells.add((code.removeprefix("WF-END-").lower(), figure.site.code if figure.site else ""))
    return cells
