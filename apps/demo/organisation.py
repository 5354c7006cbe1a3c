"""The group of the demonstration: its sites, people, what the sites answer, and two reporting years."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from apps.accounts.models import User
from apps.community.models import ExchangeRate
from apps.demo.data import rows
from apps.demo.people import COMMUNITY, ENVIRONMENT, INTEGRITY, PEOPLE, PRODUCT, SUPPLY, WORKFORCE
from apps.environment.models import Stack, Target
from apps.organisation.models import Assignment, Group, Membership, ReportingYear, Site
from apps.submissions import services
from apps.submissions.sections import Grid, Section, sections
from apps.workforce.models import LostDays, Turnover, YearConvention

SECTIONS: Final = ENVIRONMENT + WORKFORCE + SUPPLY + PRODUCT + COMMUNITY + INTEGRITY
YEARS: Final = (2020, 2021)
# Long before the years shown, so that an earlier one can be opened and its figures imported.
ANSWERS_FROM: Final = dt.date(2015, 1, 1)


def create_organisation() -> dict[str, User]:
    """Everything but the figures; returns the people by user name."""
    _create_group()
    sites = {values["code"]: Site.objects.create(**values) for values in rows("sites.csv")}
    people = _create_people(sites)
    _create_catalogue_rows(sites)
    Assignment.objects.bulk_create(
        Assignment(site=site, section=code, valid_from=ANSWERS_FROM) for site in sites.values() for code in SECTIONS
    )
    for number in YEARS:
        year = ReportingYear.objects.create(
            code=str(number), starts_on=dt.date(number, 1, 1), ends_on=dt.date(number, 12, 31)
        )
        services.open_year(year)
    # Said aloud for the year that is open; the one before has the same without a word.
    YearConvention.objects.create(
        year=ReportingYear.objects.get(code="2021"), turnover=Turnover.YEAR_END, lost_days=LostDays.WORKING
    )
    return people


def _create_group() -> None:
    group = Group.current()
    group.name_en = "Rare Earth Magnesium Technology Group Holdings Limited"
    group.name_zh_hans = "稀镁科技集团控股有限公司"
    group.name_zh_hant = "稀鎂科技集團控股有限公司"
    group.stock_code = "0601"
    group.notice = (
        "Demonstration: only the group's environmental totals for the year 2020 are the company's published figures. "
        "All else, such as sites, months and figures about people, is illustrative."
    )
    group.notice_zh_hans = "演示：只有集团2020年环境总量是公司公布的数字；其余，包括厂区、月份和人员数字，均为示例。"
    group.notice_zh_hant = "演示：只有集團2020年環境總量是公司公布的數字；其餘，包括廠區、月份和人員數字，均為示例。"
    group.full_clean()
    group.save()


def _create_people(sites: Mapping[str, Site]) -> dict[str, User]:
    people = {}
    for person in PEOPLE:
        user = User.objects.create_user(
            person.username, password=person.password, full_name=person.full_name, language=person.language
        )
        site = sites[person.site] if person.site else None
        for role in person.roles:
            for section in person.sections_as(role):
                Membership.objects.create(user=user, role=role, site=site, section=section)
        people[person.username] = user
    return people


def _create_catalogue_rows(sites: Mapping[str, Site]) -> None:
    """Stacks, targets and exchange rates of the group, and which site answers which catalogue row."""
    for values in rows("stacks.csv"):
        stack = Stack(**{**values, "site": sites[values["site"]]})
        stack.full_clean()
        stack.save()
    for values in rows("targets.csv"):
        target = Target(**{**values, "target_value": values["target_value"] or None})
        target.full_clean()
        target.save()
    for values in rows("exchange_rates.csv"):
        rate = ExchangeRate(**values)
        rate.full_clean()
        rate.save()
    for values in rows("site_rows.csv"):
        table, _, codes = values["row"].partition(":")
        answered = grid_called(table).site_row
        if answered is None:
            raise TypeError(f"{table} is answered everywhere")
        site_row = answered(site=sites[values["site"]], valid_from=values["valid_from"])
        for name, code in zip(answered.row_fields, codes.split("/"), strict=True):
            catalogue: Any = answered._meta.get_field(name).related_model
            setattr(site_row, name, catalogue.objects.get(code=code))
        site_row.full_clean()
        site_row.save()


def section_with(table: str) -> Section:
    """The section that asks for ``table``."""
    return next(section for section in sections if any(asked.code == table for asked in section.tables))


def grid_called(table: str) -> Grid:
    found = section_with(table).table(table)
    if not isinstance(found, Grid):
        raise TypeError(f"{table} is no grid")
    return found
