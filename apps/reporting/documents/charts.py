"""Charts as SVG, drawn here so that they need no script: a trend by year, a split by site, a line against a target.

Every bar and point carries its value in figures, and a target is a broken line with its name, so that nothing hangs on
colour. ``Svg.values`` is the same as text, for a table beside it. Colours and type are attributes, which the strict
content security policy of pages allows. The same values give the same text.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from html import escape
from typing import Final

from django.utils.translation import gettext as _

from apps.core.formats import NO_VALUE, number

_WIDTH: Final = 640
_TREND_HEIGHT: Final = 236
# Where the plot ends, in units of the drawing: room for ticks at the left, for a target's name at the right.
_LEFT: Final = 78
_RIGHT: Final = 16
_TOP: Final = 34
_BOTTOM: Final = 30
_SITES_TOP: Final = 20
_ROW: Final = 30
_NAME_ROOM: Final = 150
_VALUE_ROOM: Final = 110
_MAX_NAME: Final = 22
_BAR_WIDTH: Final = 56
_INTERVALS: Final = 4
_STEPS: Final = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_ACCENT: Final = "#0d5b62"
_TINT: Final = "#a9c9cb"
_TARGET: Final = "#8a3b12"
_INK: Final = "#1f2a30"
_SOFT: Final = "#55626a"
_GRID: Final = "#dde3e5"
_FAMILY: Final = "Open Sans, Microsoft YaHei, PingFang SC, Noto Sans CJK SC, Droid Sans Fallback, sans-serif"


@dataclass(frozen=True, kw_only=True)
class Point:
    """One value: what it belongs to (a year, a site), and how it is printed. ``value`` None is a gap."""

    label: str
    value: Decimal | None
    display: str = NO_VALUE


@dataclass(frozen=True, kw_only=True)
class Svg:
    """A drawing. ``description`` and ``values`` say in words what it shows; the caller prints or reads them."""

    title: str
    unit: str
    description: str
    values: tuple[tuple[str, str], ...]
    markup: str
    width: int
    height: int


def trend(
    title: str, unit: str, points: Sequence[Point], target: Point | None = None, *, as_line: bool | None = None
) -> Svg:
    """Values by year, the oldest first: bars, or a line where there is a target to compare with."""
    shown = [*points, *([target] if target else [])]
    scale = _Scale.over(point.value for point in shown)
    line = target is not None if as_line is None else as_line
    parts = [
        *_ticks(scale),
        *(_line(scale, points) if line else _bars(scale, points)),
        *_year_labels(points),
        *_target_line(scale, target, points),
    ]
    return _svg(title, unit, points, target, parts, _TREND_HEIGHT)


def by_site(title: str, unit: str, points: Sequence[Point]) -> Svg:
    """One bar a site, in the order given."""
    largest = max((abs(point.value) for point in points if point.value is not None), default=Decimal(0))
    room = _WIDTH - _NAME_ROOM - _VALUE_ROOM
    parts: list[str] = []
    for index, point in enumerate(points):
        top = Decimal(_SITES_TOP + index * _ROW)
        length = abs(point.value) / largest * room if point.value is not None and largest else Decimal(0)
        parts.append(_text(_NAME_ROOM - 8, top + 17, _short(point.label), anchor="end"))
        if length:
            parts.append(_rectangle(Decimal(_NAME_ROOM), top + 4, length, Decimal(_ROW - 10), _ACCENT))
        parts.append(_text(_NAME_ROOM + length + 6, top + 17, point.display))
    height = _SITES_TOP + _ROW * len(points) + 8
    parts.append(_rule(Decimal(_NAME_ROOM), Decimal(_SITES_TOP), Decimal(_NAME_ROOM), Decimal(height - 8), _SOFT))
    return _svg(title, unit, points, None, parts, height)


@dataclass(frozen=True, kw_only=True)
class _Scale:
    """Round numbers around all values, with zero among them."""

    low: Decimal
    high: Decimal
    step: Decimal

    @classmethod
    def over(cls, values: Iterable[Decimal | None]) -> "_Scale":
        known = [value for value in values if value is not None]
        low, high = min([Decimal(0), *known]), max([Decimal(0), *known])
        if low == high:
            high = Decimal(1)
        rough = (high - low) / _INTERVALS
        unit = Decimal(1).scaleb(rough.adjusted())
        step = next(unit * each for each in _STEPS if unit * each >= rough)
        return cls(
            low=(low / step).to_integral_value(ROUND_FLOOR) * step,
            high=(high / step).to_integral_value(ROUND_CEILING) * step,
            step=step,
        )

    def y(self, value: Decimal) -> Decimal:
        room = _TREND_HEIGHT - _TOP - _BOTTOM
        return _TOP + (self.high - value) / (self.high - self.low) * room

    def ticks(self) -> Iterator[tuple[Decimal, str]]:
        exponent = self.step.normalize().as_tuple().exponent
        decimals = max(0, -exponent) if isinstance(exponent, int) else 0
        for index in range(int((self.high - self.low) / self.step) + 1):
            value = self.low + self.step * index
            yield value, number(value, decimals)


def _ticks(scale: _Scale) -> Iterator[str]:
    for value, text in scale.ticks():
        y = scale.y(value)
        yield _rule(Decimal(_LEFT), y, Decimal(_WIDTH - _RIGHT), y, _SOFT if value == 0 else _GRID)
        yield _text(Decimal(_LEFT - 8), y + 4, text, anchor="end", colour=_SOFT, size=11)


def _middle(index: int, count: int) -> Decimal:
    return _LEFT + Decimal(_WIDTH - _LEFT - _RIGHT) / count * (index + Decimal("0.5"))


def _bars(scale: _Scale, points: Sequence[Point]) -> Iterator[str]:
    """The last is this year's and full; the ones before are lighter, with an edge."""
    width = (
        min(Decimal(_BAR_WIDTH), Decimal(_WIDTH - _LEFT - _RIGHT) / len(points) * Decimal("0.7"))
        if points
        else Decimal(0)
    )
    for index, point in enumerate(points):
        x = _middle(index, len(points))
        if point.value is None:
            yield _text(x, scale.y(Decimal(0)) - 6, point.display, anchor="middle", colour=_SOFT)
            continue
        top, foot = sorted((scale.y(point.value), scale.y(Decimal(0))))
        is_last = index == len(points) - 1
        yield _rectangle(x - width / 2, top, width, foot - top, _ACCENT if is_last else _TINT)
        yield _text(x, top - 6, point.display, anchor="middle")


def _line(scale: _Scale, points: Sequence[Point]) -> Iterator[str]:
    """Broken where a value lacks."""
    for index in range(1, len(points)):
        before, value = points[index - 1].value, points[index].value
        if before is not None and value is not None:
            start, end = _middle(index - 1, len(points)), _middle(index, len(points))
            yield _rule(start, scale.y(before), end, scale.y(value), _ACCENT, width=2)
    for index, point in enumerate(points):
        if point.value is not None:
            x, y = _middle(index, len(points)), scale.y(point.value)
            yield f'<circle cx="{_n(x)}" cy="{_n(y)}" r="4" fill="{_ACCENT}"/>'
            yield _text(x, y - 10, point.display, anchor="middle")


def _target_line(scale: _Scale, target: Point | None, points: Sequence[Point]) -> Iterator[str]:
    """Named at the end where the values leave more room."""
    if target is None or target.value is None:
        return
    y = scale.y(target.value)
    left, right = Decimal(_LEFT), Decimal(_WIDTH - _RIGHT)
    name = f"{target.label} {target.display}"
    yield _rule(left, y, right, y, _TARGET, width=2, dashes="7 4")
    first, last = (scale.y(point.value) - y if point.value is not None else None for point in (points[0], points[-1]))
    if len(points) > 1 and (first is None or (last is not None and abs(first) > abs(last))):
        yield _text(left + 4, y - 6, name, colour=_TARGET)
    else:
        yield _text(right, y - 6, name, anchor="end", colour=_TARGET)


def _year_labels(points: Sequence[Point]) -> Iterator[str]:
    for index, point in enumerate(points):
        x = _middle(index, len(points))
        yield _text(x, Decimal(_TREND_HEIGHT - 10), _short(point.label), anchor="middle", colour=_SOFT)


def _svg(
    title: str, unit: str, points: Sequence[Point], target: Point | None, parts: Iterable[str], height: int
) -> Svg:
    shown = [*points, *([target] if target else [])]
    values = tuple((point.label, point.display) for point in shown)
    description = _("%(title)s in %(unit)s: %(values)s.") % {
        "title": title,
        "unit": unit,
        "values": "; ".join(f"{label} {display}" for label, display in values),
    }
    drawn = "".join(parts)
    name = "c" + hashlib.sha256(f"{title}\n{description}\n{drawn}".encode()).hexdigest()[:12]
    markup = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img"'
        f' aria-labelledby="{name}-title {name}-text" font-family="{_FAMILY}">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-text">{escape(description)}</desc>'
        f"{_text(Decimal(0), Decimal(14), unit, colour=_SOFT)}{drawn}</svg>"
    )
    return Svg(
        title=title,
        unit=unit,
        description=description,
        values=values,
        markup=markup,
        width=_WIDTH,
        height=height,
    )


def _short(label: str) -> str:
    return label if len(label) <= _MAX_NAME else label[: _MAX_NAME - 1] + "…"


def _lowered(text: str) -> str:
    """Escaped; the 2 of CO₂ as a small figure set lower, since few fonts have that sign. What follows is set back."""
    first, *others = escape(text).split("₂")
    set_back = (f'<tspan dy="-3">{rest}</tspan>' if rest else "" for rest in others)
    return first + "".join(f'<tspan dy="3" font-size="8">2</tspan>{rest}' for rest in set_back)


def _n(value: Decimal | int) -> str:
    """A coordinate: one decimal is finer than any printer."""
    text = f"{Decimal(value):.1f}"
    return text.removesuffix(".0")


def _text(x: Decimal | int, y: Decimal, text: str, *, anchor: str = "start", colour: str = _INK, size: int = 12) -> str:
    place = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{_n(x)}" y="{_n(y)}" font-size="{size}" fill="{colour}"{place}>{_lowered(text)}</text>'


def _rectangle(x: Decimal, y: Decimal, width: Decimal, height: Decimal, colour: str) -> str:
    return (
        f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" fill="{colour}" stroke="{_ACCENT}"/>'
    )


def _rule(
    x: Decimal, y: Decimal, to_x: Decimal, to_y: Decimal, colour: str, *, width: int = 1, dashes: str = ""
) -> str:
    broken = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<line x1="{_n(x)}" y1="{_n(y)}" x2="{_n(to_x)}" y2="{_n(to_y)}" stroke="{colour}"'
        f' stroke-width="{width}"{broken}/>'
    )
