"""The lines of one site over all years, with what is asked of them, by one statement."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models.expressions import RawSQL

from apps.core.prepared import prepared
from apps.core.rounds import from_json, kept_from_json
from apps.indicators.coverage import AlikeForms, YearCoverage
from apps.indicators.sums.models import YearlySum
from apps.indicators.sums.reading import COUNTS, Ways
from apps.organisation.models import ReportingYear, Site
from apps.submissions.choices import State

# What has to be read of the sums of each model.
Names = tuple[tuple[type[YearlySum], tuple[str, ...]], ...]


@dataclass(frozen=True, kw_only=True)
class SiteLines:
    """``years`` are the oldest first. The texts are what the database said, to the letter; ``sums`` by model."""

    site: Site
    years: Sequence[ReportingYear]
    rows: tuple[str, ...]
    forms: str
    sums: Mapping[type[YearlySum], str]

    @property
    def said(self) -> str:
        """All of it: whatever is written of the site rests on this."""
        return "\n".join((*self.rows, self.forms, *self.sums.values()))

    @property
    def lines(self) -> Mapping[type[YearlySum], Iterable[Sequence[Any]]]:
        """Of each model the year, what its names say, and the counts."""
        return {model: _rows(text) for model, text in self.sums.items()}

    @property
    def coverages(self) -> dict[int, YearCoverage]:
        """How far the forms are approved, by the number of the year."""
        counted: dict[int, list[AlikeForms]] = {year.pk: [] for year in self.years}
        here = frozenset({self.site.pk})
        for year, section, approved, handed_in, expected in _rows(self.forms):
            counted[year].append(
                AlikeForms(section=section, approved=approved, handed_in=handed_in, expected=expected, sites=here)
            )
        return {year: YearCoverage(of_year) for year, of_year in counted.items()}


def _rows(text: str) -> list[list[Any]]:
    rows: list[list[Any]] = json.loads(text, parse_float=Decimal)
    return rows


def read_site_lines(code: str, ways: Ways, sections: Iterable[str]) -> SiteLines | None:
    """Of the site with this code, None where there is none; ``sections`` are those whose forms are counted."""
    names: Names = tuple(ways.names.items())
    with prepared() as cursor:
        cursor.execute(_statement(names), {"code": code, "sections": list(sections)})
        row = cursor.fetchone()
    if row is None:
        return None
    site, years, forms, *sums = row
    return SiteLines(
        site=from_json(Site, site, DEFAULT_DB_ALIAS),
        years=[kept_from_json(ReportingYear, year, DEFAULT_DB_ALIAS) for year in years],
        rows=(site, *years),
        forms=forms,
        sums=dict(zip(ways.names, sums, strict=True)),
    )


@lru_cache(maxsize=32)
def _statement(names: Names) -> str:
    """Every list as JSON in an order that holds, so that the same rows are the same text."""
    lists = [_COUNTED, *(_sums(model, asked) for model, asked in names)]
    columns = ", ".join(f"coalesce(({each}), '[]')" for each in lists)
    return (
        "SELECT to_json(s)::text, "  # noqa: S608 - names of ours alone
        "ARRAY(SELECT to_json(y)::text FROM organisation_reportingyear y ORDER BY y.starts_on), "
        f"{columns} FROM organisation_site s WHERE s.code = %(code)s::text"
    )


_COUNTED = f"""
SELECT json_agg(json_build_array(year, section, approved, handed_in, expected) ORDER BY year, section)::text
FROM (
    SELECT p.year_id AS year, f.section,
           count(*) FILTER (WHERE f.state = '{State.APPROVED.value}') AS approved,
           count(*) FILTER (WHERE f.state IN ('{State.SUBMITTED.value}', '{State.APPROVED.value}')) AS handed_in,
           count(*) AS expected
    FROM submissions_submission f JOIN organisation_period p ON p.id = f.period_id
    WHERE f.site_id = s.id AND f.section = ANY (%(sections)s::text[])
    GROUP BY p.year_id, f.section
) counted
"""  # noqa: S608 - choices of ours


def _sums(model: type[YearlySum], names: tuple[str, ...]) -> str:
    """The very query of Django's, for the site that the statement is about."""
    every_year = ReportingYear.objects.order_by().values("pk")
    lines = model._default_manager.filter(site_id=RawSQL("s.id", ()), year__in=every_year)  # noqa: S611 - no value
    asked = lines.order_by("year_id", *model.records.row_fields).values_list("year_id", *names, *COUNTS)
    written, values = asked.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    if values:
        raise TypeError(f"{model.__name__} is asked for with values, which a kept statement cannot hold")
    columns = ", ".join(f"c{place}" for place in range(1 + len(names) + len(COUNTS)))
    return f"SELECT json_agg(json_build_array({columns}))::text FROM ({written}) lines ({columns})"  # noqa: S608
