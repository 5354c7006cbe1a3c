"""Units: what plants write, and exact conversion."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.units import UNITS, factor_between, parse_unit, scale


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("kWh", "kWh"), ("ＫＷＨ", "kWh"), ("度", "kWh"), ("千瓦时", "kWh"), ("万kWh", "万kWh"), ("万度", "万kWh"),
        ("萬千瓦時", "万kWh"), ("MWh", "MWh"), ("'000 kWh", "MWh"), ("公斤", "kg"), ("吨", "t"), ("万吨", "万t"),
        ("方", "m3"), ("m³", "m3"), ("万方", "万m3"), ("升", "L"), ("标方", "Nm3"), ("百万千焦", "GJ"), (" m3 ", "m3"),
    ],
)  # fmt: skip
def test_units_as_people_write_them(written: str, code: str) -> None:
    unit = parse_unit(written)
    assert unit is not None and unit.code == code


@pytest.mark.parametrize("written", ["", "kW", "箱", "1000"])
def test_what_is_no_unit(written: str) -> None:
    assert parse_unit(written) is None


# Worked by hand from the definitions: 1 GJ = 1,000 MJ = 1000/3.6 kWh; diesel at 0.84 kg/L.
@pytest.mark.parametrize(
    ("value", "source", "target", "density", "expected"),
    [
        ("5532.0585", "万kWh", "kWh", None, "55320585"),
        ("3.6", "MJ", "kWh", None, "1"),
        ("36", "GJ", "kWh", None, "10000"),
        ("1", "GJ", "kWh", None, "277.777777777778"),
        ("800", "kg", "t", None, "0.8"),
        ("1", "斤", "t", None, "0.0005"),
        ("10.6352", "万t", "t", None, "106352"),
        ("12.9095", "万m3", "m3", None, "129095"),
        ("0.69804", "t", "L", "0.84", "831"),
        ("831", "L", "t", "0.84", "0.69804"),
        ("1", "Sm3", "Nm3", None, "0.931775541532"),
        ("0.000000000001", "kg", "t", None, "0"),
    ],
)
def test_conversion(value: str, source: str, target: str, density: str | None, expected: str) -> None:
    factor = factor_between(UNITS[source], UNITS[target], Decimal(density) if density else None)
    assert factor is not None
    assert scale(Decimal(value), factor) == Decimal(expected)


def test_what_cannot_be_compared() -> None:
    assert factor_between(UNITS["kWh"], UNITS["t"]) is None
    assert factor_between(UNITS["kg"], UNITS["L"]) is None


@given(st.decimals(min_value=0, max_value=10**9, places=4), st.sampled_from(["万kWh", "MWh", "GWh"]))
def test_there_and_back_loses_nothing(value: Decimal, unit: str) -> None:
    factor = factor_between(UNITS[unit], UNITS["kWh"])
    assert factor is not None
    assert scale(scale(value, factor), Fraction(1) / factor) == value
