"""Small charts, worked out on the server: a template only puts the numbers into SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

WIDTH = 88
HEIGHT = 24
_MARGIN = 3
_TENTHS_UP = (HEIGHT - 2 * _MARGIN) * 10
_MIDDLE = _TENTHS_UP // 2
# The vertical place of a point so many tenths up, as it is written.
_DOWN = [f"{tenths // 10}.{tenths % 10}" for tenths in range((HEIGHT - _MARGIN) * 10, _MARGIN * 10 - 1, -1)]


@dataclass(frozen=True, kw_only=True)
class Sparkline:
    """``path`` is the line with gaps where there was no value; ``x`` and ``y`` mark the last point, if it has one."""

    path: str
    x: str
    y: str


def sparkline(values: Sequence[Decimal | None]) -> Sparkline | None:
    """The trend of ``values``, oldest first; None when fewer than two are there."""
    present = [value for value in values if value is not None]
    if len(present) < 2:
        return None
    low, high = min(present), max(present)
    # Tenths of the height for each unit of the value, worked out once: a page has hundreds of points.
    slope = _TENTHS_UP / (high - low) if high != low else None
    places = _across(len(values))
    parts = []
    pen_down = False
    y = ""
    for x, value in zip(places, values, strict=True):
        if value is None:
            pen_down = False
            continue
        y = _DOWN[_MIDDLE if slope is None else round((value - low) * slope)]
        parts.append(f"{'L' if pen_down else 'M'}{x} {y}")
        pen_down = True
    is_last = values[-1] is not None
    return Sparkline(path="".join(parts), x=places[-1] if is_last else "", y=y if is_last else "")


@cache
def _across(count: int) -> tuple[str, ...]:
    """Where so many points stand from left to right."""
    step = Decimal(WIDTH - 2 * _MARGIN) / max(count - 1, 1)
    return tuple(f"{_MARGIN + step * place:.1f}" for place in range(count))
