"""When a figure counts as differing from what was published, and what stays withheld."""

from decimal import Decimal

import pytest

from apps.indicators.basis import Basis
from apps.indicators.figures import Coverage, Figure
from apps.indicators.kpi_set import current_kpis
from apps.indicators.published import PublishedFigure
from tests.factories import World


@pytest.mark.parametrize(
    ("value", "published", "is_withheld", "differs", "difference"),
    [
        ("5610000", "5610000", False, False, "0"),
        ("5610000.000", "5610000", False, False, "0"),
        ("5610000.0001", "5610000", False, True, "+0.0001"),
        ("4207500", "5610000", False, True, "-1,402,500"),
        (None, "5610000", False, True, "–"),
        ("5610000", None, False, True, "–"),
        (None, None, False, False, "–"),
        # Withheld then and now; the value is there only for who may read the rows.
        ("3", None, True, False, "–"),
        (None, "3", True, True, "–"),
    ],
)
def test_a_figure_is_held_against_its_edition(
    world: World, value: str | None, published: str | None, is_withheld: bool, differs: bool, difference: str
) -> None:
    figure = Figure(
        kpi=current_kpis()["ENV-RES-ELECTRICITY"],
        site=None,
        basis=Basis.APPROVED,
        value=Decimal(value) if value else None,
        coverage=Coverage(),
        is_withheld=is_withheld,
        published=PublishedFigure(value=published, display="", edition=1),
    )
    assert (figure.differs, figure.difference_display) == (differs, difference)
