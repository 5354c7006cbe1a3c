"""A long history of a large group, made up and always the same: what benchmarks and trials at size stand on.

Rows are written a year at a time by statements over whole tables, with every trigger in place: locks, the guard of
the workflow, the audit trail and the seals are those of daily work. The checks of the form are not asked, so the
values keep to what they allow.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from django.db.models import DateTimeField, OuterRef, Subquery
from django.db.models.functions import Cast
from django.utils import translation

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.demo import history_rows
from apps.organisation.choices import Role
from apps.organisation.models import Assignment, Group, Membership, Period, ReportingYear, Site
from apps.submissions import services
from apps.submissions.models import Submission
from apps.submissions.seals import seal
from apps.submissions.sections import sections
from apps.submissions.shipped import load_catalogues

SOURCE: Final = "generate_history"
PASSWORD: Final = "history-2026"  # noqa: S105 - of made-up people in a database for trials
SECTION: Final = "environment"
_SEALED_TOGETHER: Final = 250
# The provinces of the sites, in turn, with their grids.
_PROVINCES: Final = (
    ("Xinjiang", "新疆", "新疆", "northwest"),
    ("Jilin", "吉林", "吉林", "northeast"),
    ("Shaanxi", "陕西", "陝西", "northwest"),
    ("Shanxi", "山西", "山西", "north"),
    ("Ningxia", "宁夏", "寧夏", "northwest"),
)
# User name, name, language, roles, and whether they work at the first site only.
_PEOPLE: Final = (
    ("hist-clerk", "Clerk, site 1", "zh-hans", (Role.PREPARER,), True),
    ("hist-group-clerk", "Clerk, group", "zh-hans", (Role.PREPARER,), False),
    ("hist-reviewer", "Reviewer", "en", (Role.REVIEWER,), False),
    ("hist-lead", "Lead reviewer", "en", (Role.LEAD_REVIEWER,), False),
    ("hist-auditor", "Auditor", "en", (Role.AUDITOR,), False),
    ("hist-admin", "Administrator", "en", (Role.ADMINISTRATOR,), False),
)


@dataclass(frozen=True, kw_only=True)
class History:
    """How much: so many sites, with their months of the years from ``first_year`` to ``last_year``, and one year more
    that is open and empty. In the last month some forms wait for review, some were sent back, some are being filled in.
    """

    sites: int
    first_year: int
    last_year: int

    def make(self) -> Iterator[str]:
        """Fills an empty portal, each year in a transaction of its own, and says what is done."""
        with translation.override("en"):
            with acting_as(None, SOURCE):
                load_catalogues()
                self._name_group()
                people = _make_people(self._make_sites())
            yield f"{self.sites} sites"
            for number in range(self.first_year, self.last_year + 1):
                with acting_as(None, SOURCE):
                    year = _open(number)
                    rows = self._fill(year, people)
                yield f"{year.code}: {rows} records"
            with acting_as(None, SOURCE):
                _open(self.last_year + 1)
            yield f"{self.last_year + 1}: open"

    def _name_group(self) -> None:
        group = Group.current()
        group.name_en, group.name_zh_hans, group.name_zh_hant = "Group of many sites", "多厂区集团", "多廠區集團"
        group.notice = "Made-up data for trials at size."
        group.notice_zh_hans, group.notice_zh_hant = "用于规模测试的虚构数据。", "用於規模測試的虛構數據。"
        group.full_clean()
        group.save()

    def _make_sites(self) -> list[Site]:
        sites = []
        for number in range(1, self.sites + 1):
            province, hans, hant, grid = _PROVINCES[number % len(_PROVINCES)]
            sites.append(
                Site(
                    code=f"HIST-{number:03}",
                    name_en=f"Site {number:03}",
                    name_zh_hans=f"第{number:03}厂区",
                    name_zh_hant=f"第{number:03}廠區",
                    province=province,
                    province_zh_hans=hans,
                    province_zh_hant=hant,
                    grid_region=grid,
                    position=number,
                )
            )
        Site.objects.bulk_create(sites)
        since, all_since = dt.date(self.first_year, 1, 1), dt.date(self.last_year, 1, 1)
        Assignment.objects.bulk_create(
            Assignment(site=site, section=section.code, valid_from=since if section.code == SECTION else all_since)
            for site in sites
            for section in sections
        )
        history_rows.make_site_rows(sections[SECTION].grids, sites, since)
        return sites

    def _fill(self, year: ReportingYear, people: dict[str, User]) -> int:
        clerk, reviewer = people["hist-group-clerk"], people["hist-reviewer"]
        months: Any = Submission.objects.filter(period__year=year, section=SECTION)
        with acting_as(clerk, SOURCE):
            count = sum(history_rows.insert(grid, year, clerk) for grid in sections[SECTION].grids)
            history_rows.state_nothing(year, clerk)
            due = Period.objects.filter(pk=OuterRef("period_id")).values("due_on")
            months.update(revision=1, saved_by=clerk, saved_at=Cast(Subquery(due), DateTimeField()))
            everything = range(4) if year.code != str(self.last_year) else (0, 2, 3)
            history_rows.move(year, "submitted", clerk, last_month=everything)
        with acting_as(reviewer, SOURCE):
            if year.code == str(self.last_year):
                history_rows.move(year, "returned", reviewer, last_month=(2,), months_before=False)
            history_rows.move(year, "approved", reviewer, last_month=range(4) if len(everything) == 4 else (3,))
            rest = months.approved().with_place().order_by("pk").iterator(chunk_size=_SEALED_TOGETHER)
            while some := list(islice(rest, _SEALED_TOGETHER)):
                seal(*some)
        return count


def _make_people(sites: list[Site]) -> dict[str, User]:
    people = {}
    for username, name, language, roles, at_first in _PEOPLE:
        user = User.objects.create_user(username, password=PASSWORD, full_name=name, language=language)
        for role in roles:
            Membership.objects.create(user=user, role=role, site=sites[0] if at_first else None)
        people[username] = user
    return people


def _open(number: int) -> ReportingYear:
    year = ReportingYear.objects.create(
        code=str(number), starts_on=dt.date(number, 1, 1), ends_on=dt.date(number, 12, 31)
    )
    services.open_year(year)
    return year


def is_empty() -> bool:
    """Whether the portal holds nothing yet that this could spoil."""
    return not (Site.objects.exists() or ReportingYear.objects.exists() or User.objects.exists())
