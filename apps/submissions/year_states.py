"""The forms of a year as the database counts and lists them: a large group has tens of thousands in each.

The statements are written by hand, since Django's take longer to make than these to run. Each has the policy's own
condition in it.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection

from apps.accounts.models import User
from apps.core.prepared import Columns, prepared
from apps.organisation.models import Period, Site
from apps.submissions import policies
from apps.submissions.choices import OPEN_STATES
from apps.submissions.models import Submission


@dataclass(frozen=True, slots=True)
class Counted:
    """So many forms of a section, in a period, stand in a state."""

    section: str
    state: str
    period: Period
    forms: int


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a site. ``is_touched``: it was saved at least once."""

    section: str
    period_id: int
    state: str
    is_touched: bool
    pk: int


@dataclass(frozen=True, slots=True)
class SitesOfYear:
    """A page of sites with their forms, and how many sites there are on all pages."""

    sites: Sequence[tuple[Site, Sequence[Form]]]
    total: int


def counted(user: User, year_id: int) -> list[Counted]:
    """How many forms of the year ``user`` may see, by section, state and period."""
    visible, values = _visible_to(user)
    statement, columns = _counting(visible)
    periods: dict[int, Period] = {}
    found = []
    with prepared() as cursor:
        cursor.execute(statement, {"year": year_id, **values})
        for section, state, forms, period, *row in cursor.fetchall():
            if period not in periods:
                (periods[period],) = columns.models(row)
            found.append(Counted(section, state, periods[period], forms))
    return found


def sites_of(
    user: User, *, periods: Collection[int], sections: Collection[str], page: int, per_page: int
) -> SitesOfYear:
    """The forms of ``sections`` in ``periods``, by site in the order of sites.

    ``page`` counts from 0; where it lies behind the last one, that is shown.
    """
    visible, values = _visible_to(user)
    statement, columns = _listing(visible)
    asked = {"periods": list(periods), "sections": list(sections), "page": page, "per_page": per_page}
    with prepared() as cursor:
        cursor.execute(statement, {**asked, **values})
        rows = cursor.fetchall()
    sites = []
    for *site, _total, section, period, state, touched, pk in rows:
        sites.append((columns.models(site)[0], list(map(Form, section, period, state, touched, pk))))
    return SitesOfYear(sites=sites, total=rows[0][-6] if rows else 0)


def late_by_period(user: User, today: dt.date) -> dict[int, int]:
    """How many open forms were due before ``today``, of each period that has any; the earliest due first.

    One look at the forms that are open answers how many are late, and where the oldest of them are.
    """
    visible, values = _visible_to(user)
    asked = {"today": today, "open": [str(state) for state in OPEN_STATES]}
    with prepared() as cursor:
        cursor.execute(_counting_late(visible), {**asked, **values})
        return dict(cursor.fetchall())


def _visible_to(user: User) -> tuple[str, dict[str, Any]]:
    """The policy's condition on a row of ``submissions_submission``, and the values in it by name."""
    query = Submission.objects.filter(policies.visible_to(user)).query
    try:
        condition, values = query.get_compiler(connection=connection).compile(query.where)
    except FullResultSet:
        return "TRUE", {}
    except EmptyResultSet:
        return "FALSE", {}
    names = [f"visible{place}" for place in range(len(values))]
    return condition % tuple(f"%({name})s" for name in names), dict(zip(names, values, strict=True))


@lru_cache(maxsize=64)
def _counting(visible: str) -> tuple[str, Columns]:
    columns = Columns(("p", Period))
    return (
        f"SELECT f.section, f.state, f.forms, f.period_id, {columns.sql} FROM ("  # noqa: S608 - names of ours alone
        "SELECT section, state, period_id, count(*) AS forms FROM submissions_submission "
        "WHERE period_id = ANY(ARRAY(SELECT id FROM organisation_period WHERE year_id = %(year)s::bigint)) "
        f"AND ({visible}) GROUP BY section, state, period_id) f "
        "JOIN organisation_period p ON p.id = f.period_id"
    ), columns


@lru_cache(maxsize=64)
def _listing(visible: str) -> tuple[str, Columns]:
    """Sites are numbered by the index that keeps a form from being there twice, and only the page's forms are read."""
    columns = Columns(("site", Site))
    forms = (
        "FROM submissions_submission WHERE site_id = site.id AND period_id = ANY(%(periods)s::bigint[]) "
        f"AND section = ANY(%(sections)s::varchar[]) AND ({visible})"
    )
    return (
        "WITH site AS (SELECT site.*, count(*) OVER () AS total, "  # noqa: S608 - names of ours alone
        "row_number() OVER (ORDER BY site.position, site.code) - 1 AS place "
        f"FROM organisation_site site WHERE EXISTS (SELECT 1 {forms})) "
        f"SELECT {columns.sql}, site.total, forms.* FROM site CROSS JOIN LATERAL ("
        "SELECT array_agg(section::text), array_agg(period_id), array_agg(state::text), array_agg(revision > 0), "
        f"array_agg(id) {forms}) forms "
        "WHERE site.place / %(per_page)s::bigint = least(%(page)s::bigint, (site.total - 1) / %(per_page)s::bigint) "
        "ORDER BY site.place"
    ), columns


@lru_cache(maxsize=64)
def _counting_late(visible: str) -> str:
    return (
        "SELECT p.id, f.forms FROM (SELECT period_id, count(*) AS forms FROM submissions_submission "  # noqa: S608 - names of ours alone
        f"WHERE state = ANY(%(open)s::varchar[]) AND ({visible}) GROUP BY period_id) f "
        "JOIN organisation_period p ON p.id = f.period_id WHERE p.due_on < %(today)s::date "
        "ORDER BY p.due_on, p.id"
    )
