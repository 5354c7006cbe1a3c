"""Reporting years: which codes and days there may be."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from apps.organisation.models import ReportingYear


def year(code: str, starts_on: dt.date, ends_on: dt.date) -> ReportingYear:
    return ReportingYear(code=code, starts_on=starts_on, ends_on=ends_on)


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["2020", "2020-21", "2011-2012"])
def test_a_year_of_fifteen_months_from_october(code: str) -> None:
    year(code, dt.date(2018, 10, 1), dt.date(2019, 12, 31)).full_clean()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "starts_on", "ends_on", "field"),
    [
        # December 2011 has this code, and a period has one code.
        ("2011-12", dt.date(2011, 4, 1), dt.date(2012, 3, 31), "code"),
        ("2020", dt.date(2020, 1, 15), dt.date(2020, 12, 31), "starts_on"),
        ("2020", dt.date(2020, 1, 1), dt.date(2020, 2, 28), "ends_on"),
        ("2020", dt.date(2020, 1, 1), dt.date(2022, 1, 31), "ends_on"),
    ],
)
def test_other_years_are_refused_at_their_field(code: str, starts_on: dt.date, ends_on: dt.date, field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        year(code, starts_on, ends_on).full_clean()
    assert list(caught.value.message_dict) == [field]
