"""Small charts, worked out on the server: a template only puts the numbers into SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH = 88
HEIGHT = 24
_MARGIN = 3


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
    span = high - low
    step = Decimal(WIDTH - 2 * _MARGIN) / max(len(values) - 1, 1)

    def place(index: int, value: Decimal) -> tuple[str, str]:
        share = (value - low) / span if span else Decimal("0.5")
        x = _MARGIN + step * index
        y = HEIGHT - _MARGIN - share * (HEIGHT - 2 * _MARGIN)
        return f"{x:.1f}", f"{y:.1f}"

    parts = []
    pen_down = False
    for index, value in enumerate(values):
        if value is None:
            pen_down = False
            continue
        x, y = place(index, value)
        parts.append(f"{'L' if pen_down else 'M'}{x} {y}")
        pen_down = True
    last = values[-1]
    x, y = place(len(values) - 1, last) if last is not None else ("", "")
    return Sparkline(path="".join(parts), x=x, y=y)
