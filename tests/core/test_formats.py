"""Reading and writing numbers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core import formats


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("55,320,585", "55320585"), ("５５３２０５８５", "55320585"), ("55，320，585．5", "55320585.5"),
        (" 831 ", "831"), ("0", "0"), ("0.0", "0"), (".5", "0.5"), ("+3", "3"), ("-3", "-3"), ("1 234", "1234"),
        ("1’234", "1234"), ("1,234.50", "1234.5"),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text: str, value: str) -> None:
    assert formats.parse_number(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "1.234.567",
        "1,23",
        "12,34,567",
        "abc",
        "5 t",
        "1e6",
        "",
        "--1",
        "1/2",
        "NaN",
        "Infinity",
        "=1+1",
        "10⁴",
        "1.2³",
        "①",
        "₁₂",
    ],
)
def test_what_is_no_number_is_named(text: str) -> None:
    with pytest.raises(formats.NumberError, match="is not a number"):
        formats.parse_number(text)


@pytest.mark.parametrize("text", ["1" * 15, "0.1234567890123"])
def test_too_many_digits(text: str) -> None:
    with pytest.raises(formats.NumberError, match="too many digits"):
        formats.parse_number(text)


# The densities of REMT's 2020 report, from its totals and 39,641 t; half up, once.
@pytest.mark.parametrize(
    ("total", "decimals", "printed"),
    [("55320585", 1, "1,395.5"), ("831", 3, "0.021"), ("106352", 1, "2.7"), ("129095", 1, "3.3")],
)
def test_densities_print_as_in_the_report(total: str, decimals: int, printed: str) -> None:
    assert formats.number(Decimal(total) / Decimal(39641), decimals) == printed


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        ("0.5", 0, "1"),
        ("2.5", 0, "3"),
        ("2.449999", 1, "2.4"),
        ("-0.5", 0, "-1"),
        ("-0.04", 1, "0.0"),
        ("0", 1, "0.0"),
        ("1234.5", 2, "1,234.50"),
    ],
)
def test_rounding_is_half_up(value: str, decimals: int, text: str) -> None:
    assert formats.number(Decimal(value), decimals) == text


def test_none_is_a_dash_and_zero_is_zero() -> None:
    assert formats.number(None, 1) == "–"
    assert formats.number(Decimal(0), 0) == "0"


@pytest.mark.parametrize(
    ("value", "text"),
    [("1000.000000000000", "1,000"), ("0E-12", "0"), ("1E+3", "1,000"), ("-0.50", "-0.5"), ("12.340", "12.34")],
)
def test_all_digits_and_no_more(value: str, text: str) -> None:
    assert formats.typed(Decimal(value)) == text


@given(st.decimals(min_value=0, max_value=10**13, places=6, allow_nan=False))
def test_what_is_written_reads_back(value: Decimal) -> None:
    assert formats.parse_number(formats.typed(value)) == value
    assert Decimal(formats.plain_text(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [("12.34", "+12.3 %"), ("-0.05", "-0.1 %"), ("0.018076", "+0.018 %"), ("-0.00045", "-0.00045 %"), ("0", "+0.0 %")],
)
def test_a_change_never_prints_as_nothing_unless_it_is(value: str, text: str) -> None:
    assert formats.percent(Decimal(value)) == text
