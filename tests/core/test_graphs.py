"""Column charts: a scale of round numbers, heights in proportion, and words that do not run into each other."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from apps.core.graphs import Graph, Point, Series, draw

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def graph(*values: str | None, labels: Sequence[str] = MONTHS, decimals: int = 1) -> Graph | None:
    points = [Point(value=None if value is None else Decimal(value)) for value in values]
    series = [Series(title="2020", points=points)]
    return draw(code="X", title="Coal", unit="t", summary="", labels=labels, series=series, decimals=decimals)


@pytest.mark.parametrize(
    ("most", "lines"),
    [
        ("9.3", ["0", "5", "10"]),
        ("0.404", ["0.0", "0.2", "0.4", "0.6"]),
        ("4", ["0", "1", "2", "3", "4"]),
        ("38000000", ["0", "10,000,000", "20,000,000", "30,000,000", "40,000,000"]),
        ("0", ["0", "1"]),
    ],
)
def test_the_scale_is_of_round_numbers(most: str, lines: list[str]) -> None:
    drawn = graph(most, "0")
    assert drawn
    assert [tick.label for tick in drawn.scale] == lines


def test_columns_stand_in_proportion_and_a_month_without_a_value_has_none() -> None:
    drawn = graph("10", None, "5", "0")
    assert drawn
    high, half, flat = (Decimal(column.height) for column in drawn.columns)
    assert (half * 2, flat) == (high, 0)
    assert {Decimal(column.y) + Decimal(column.height) for column in drawn.columns} == {Decimal(drawn.base)}
    assert [row.values[0] for row in drawn.rows[:4]] == ["10.0", "–", "5.0", "0.0"]
    assert drawn.columns[1].says == "Mar, 2020: 5.0"


def test_long_words_are_left_out_and_stand_in_the_table() -> None:
    drawn, crowded = graph("1"), graph("1", labels=[f"{month} of the year" for month in MONTHS])
    assert drawn and crowded
    assert len(drawn.labels) == len(crowded.rows) == 12
    assert len(crowded.labels) < 6


def test_nothing_is_drawn_of_nothing() -> None:
    assert graph(None, None) is None
