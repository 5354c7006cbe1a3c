"""Column charts, worked out on the server: a template only puts the numbers into SVG (``components/graph.html``).

Two series are told apart by their pattern, not by colour alone, and every chart has a table of its numbers beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Final

from apps.core.formats import NO_VALUE, number

# In the units of the drawing, which is scaled to the width of its card.
WIDTH: Final = 360
HEIGHT: Final = 190
_TOP: Final = 18
_BOTTOM: Final = 24
_RIGHT: Final = 4
_LETTER: Final = Decimal("5.6")
_IDEOGRAM: Final = Decimal(10)
# A column of few is no wall.
_WIDEST: Final = Decimal(44)
_STEPS: Final = 4
_TENTH: Final = Decimal("0.1")


@dataclass(frozen=True, kw_only=True)
class Point:
    """A value of a series. ``is_partial``: it may still grow."""

    value: Decimal | None
    is_partial: bool = False


@dataclass(frozen=True, kw_only=True)
class Series:
    """One value for each label. ``is_before``: of the year before, drawn hatched."""

    title: str
    points: Sequence[Point]
    is_before: bool = False


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column as it is drawn. ``says`` is its value in words."""

    x: str
    y: str
    width: str
    height: str
    middle: str
    says: str
    value: str
    is_before: bool
    is_partial: bool


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A line of the scale, or a word below the columns."""

    at: str
    label: str
    is_partial: bool = False


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """The numbers of one label, as many as there are series."""

    label: str
    values: Sequence[str]
    is_partial: bool


@dataclass(frozen=True, kw_only=True)
class Graph:
    """A chart and the table that says the same. ``summary`` is what a screen reader hears of it."""

    code: str
    title: str
    unit: str
    summary: str
    series: Sequence[Series]
    columns: Sequence[Column]
    scale: Sequence[Tick]
    labels: Sequence[Tick]
    rows: Sequence[TableRow]
    left: str
    base: str
    shows_values: bool

    width: int = WIDTH
    height: int = HEIGHT

    @property
    def is_partial(self) -> bool:
        return any(row.is_partial for row in self.rows)

    @property
    def right(self) -> int:
        return WIDTH - _RIGHT


def draw(
    *,
    code: str,
    title: str,
    unit: str,
    summary: str,
    labels: Sequence[str],
    series: Sequence[Series],
    decimals: int,
    shows_values: bool = False,
) -> Graph | None:
    """Columns beside each other for every label; None where no series has a value. Values are not negative.

    ``shows_values`` writes each value above its column: for few of them.
    """
    values = [point.value for each in series for point in each.points if point.value is not None]
    if not values:
        return None
    step = _step(max(values))
    top = step * max(1, int((max(values) / step).to_integral_value(rounding=ROUND_CEILING)))
    lines = [step * index for index in range(int(top / step) + 1)]
    places = max(0, -int(step.normalize().as_tuple().exponent))
    left = Decimal(10) + _LETTER * max(len(number(line, places)) for line in lines)
    base = Decimal(HEIGHT - _BOTTOM)
    slot = (WIDTH - _RIGHT - left) / max(len(labels), 1)
    columns = [
        _column(each, index, labels[index], decimals, left + slot * index, slot, place, len(series), base, top)
        for place, each in enumerate(series)
        for index, point in enumerate(each.points[: len(labels)])
        if point.value is not None
    ]
    # Where words would run into each other only some of them are written; the table has all.
    every = int((max(_width(label) for label in labels) / slot).to_integral_value(rounding=ROUND_CEILING))
    partial = [_is_partial(series, index) for index in range(len(labels))]
    return Graph(
        code=code,
        title=title,
        unit=unit,
        summary=summary,
        series=series,
        columns=columns,
        scale=[Tick(at=_text(base - line / top * (base - _TOP)), label=number(line, places)) for line in lines],
        labels=[
            Tick(at=_text(left + slot * index + slot / 2), label=label, is_partial=partial[index])
            for index, label in enumerate(labels)
            if index % every == 0
        ],
        rows=[
            TableRow(
                label=label,
                values=[_said(each, index, decimals) for each in series],
                is_partial=partial[index],
            )
            for index, label in enumerate(labels)
        ],
        left=_text(left),
        base=_text(base),
        shows_values=shows_values,
    )


def _column(
    series: Series,
    index: int,
    label: str,
    decimals: int,
    start: Decimal,
    slot: Decimal,
    place: int,
    beside: int,
    base: Decimal,
    top: Decimal,
) -> Column:
    point = series.points[index]
    value = point.value or Decimal(0)
    # A single series leaves more air.
    width = min(_WIDEST, slot * (Decimal("0.78") if beside > 1 else Decimal("0.56")) / beside)
    x = start + (slot - width * beside) / 2 + width * place
    height = value / top * (base - _TOP)
    said = number(value, decimals)
    return Column(
        x=_text(x),
        y=_text(base - height),
        width=_text(width),
        height=_text(height),
        middle=_text(x + width / 2),
        says=f"{label}, {series.title}: {said}",
        value=said,
        is_before=series.is_before,
        is_partial=point.is_partial,
    )


def _said(series: Series, index: int, decimals: int) -> str:
    return number(series.points[index].value, decimals) if index < len(series.points) else NO_VALUE


def _is_partial(series: Sequence[Series], index: int) -> bool:
    """Only of this year: what is missing of the year before is no news."""
    return any(each.points[index].is_partial for each in series if not each.is_before and index < len(each.points))


def _step(most: Decimal) -> Decimal:
    """The distance of two lines of the scale: 1, 2 or 5 times a power of ten, so that there are at most four."""
    if most <= 0:
        return Decimal(1)
    unit = Decimal(1).scaleb((most / _STEPS).adjusted())
    for factor in (1, 2, 5, 10):
        if unit * factor * _STEPS >= most:
            return unit * factor
    return unit * 10


def _width(label: str) -> Decimal:
    """Of a label with its star and a gap."""
    return sum((_LETTER if letter.isascii() else _IDEOGRAM for letter in label), start=_LETTER)


def _text(value: Decimal) -> str:
    return f"{value.quantize(_TENTH):f}"
