"""Which figures are drawn in the report, each under its provision: where there are values, and no more."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from apps.reporting.content.shape import GROUP
from apps.reporting.documents.blocks import Picture
from apps.reporting.documents.charts import Point, by_site, trend
from apps.reporting.documents.words import Told

# Total amounts, which also have a split by site, and intensities.
_AMOUNTS: Final = (
    "GHG-S12",
    "NRG-TOTAL",
    "ENV-RES-ELECTRICITY",
    "ENV-RES-WATER",
    "ENV-WASTE-HAZ",
    "ENV-WASTE-NONHAZ",
    "WF-END",
)
_INTENSITIES: Final = ("GHG-S12-D", "NRG-TOTAL-D", "ENV-RES-ELECTRICITY-D", "ENV-RES-WATER-D")
DRAWN: Final = (*_AMOUNTS, *_INTENSITIES)


def pictures_of(told: Told, code: str) -> Iterator[Picture]:
    """The charts of one figure: over the years, against its target, by site."""
    figure = told.figure(code)
    if figure is None:
        return
    title, unit = told.say(figure["title"]), told.say(figure["unit"])
    points = [
        Point(label=value["year"], value=_number(value["value"]), display=value["display"])
        for value in figure["history"]
    ]
    known = sum(point.value is not None for point in points)
    target = _target(told, code)
    if known > 1 or (known and target is not None):
        yield Picture(chart=trend(title, unit, points, target))
    if code in _AMOUNTS and told.few_sites:
        sites = [
            Point(label=told.place(place), value=_number(at["value"]), display=at["display"])
            for place in (site["code"] for site in told.content["sites"])
            if place != GROUP and (at := told.at(code, place)) is not None
        ]
        if sum(point.value is not None for point in sites) > 1:
            yield Picture(chart=by_site(_("%(title)s by site") % {"title": title}, unit, sites))


def _target(told: Told, code: str) -> Point | None:
    for target in told.content["targets"]:
        if target["figure"] == code and target["target_value"] is not None:
            label = _("Target %(year)s") % {"year": target["target_year"]}
            return Point(
                label=label, value=_number(target["target_value"]), display=told.rounded(target["target_value"], code)
            )
    return None


def _number(value: str | None) -> Decimal | None:
    return Decimal(value) if value is not None else None
