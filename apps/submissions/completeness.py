"""How complete a year is: of each section how much is approved, and the state of every form in a matrix.

A large group has tens of thousands of forms in a year. The database counts them by section; the matrix shows one
section at a time then, and so many sites on a page. The start page leaves the matrix of a large group to the page of
its own.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.navigation import reverse_once
from apps.organisation.models import Period, ReportingYear, Site
from apps.submissions.attention import review_page
from apps.submissions.choices import OPEN_STATES, State
from apps.submissions.marks import Mark, mark_for
from apps.submissions.sections import Section, sections
from apps.submissions.year_states import Counted, Form, counted, sites_of

# So many forms stand on one page with all their sections below each other.
FEW_FORMS: Final = 1000
SITES_ON_A_PAGE: Final = 50
_DIGITS_OF_A_PAGE: Final = 7


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The forms of a section in the year, at the sites that somebody may see."""

    section: Section
    expected: int
    approved: int
    to_review: int
    late: int
    url: str
    is_shown: bool


@dataclass(frozen=True, kw_only=True)
class Block:
    """How complete one section is: a line for each site, a column for each period.

    ``rows`` are the lines as they are printed: a template takes several times as long over them.
    """

    section: Section
    periods: Sequence[Period]
    rows: SafeString


@dataclass(frozen=True, kw_only=True)
class Completeness:
    """``page`` are the sites of the one section that is shown, where not all sections are."""

    summaries: Sequence[Summary]
    blocks: Sequence[Block]
    page: Page[Any] | None
    query: str


def completeness(user: User, year: ReportingYear, section: str = "", page: str = "") -> Completeness:
    """``section`` and ``page`` choose what is shown where it is too much for one page."""
    counts = counted(user, year.pk)
    if _are_few(counts):
        return Completeness(
            summaries=_summaries(counts, "#{section}"), blocks=_whole(user, counts), page=None, query=""
        )
    known = _known(counts)
    shown = next((each for each in known if each.code == section), known[0])
    periods = _columns(counts, shown)
    wanted = _number(page)
    found = sites_of(
        user,
        periods=[period.pk for period in periods],
        sections=[shown.code],
        page=wanted - 1,
        per_page=SITES_ON_A_PAGE,
    )
    address = {"year": year.code}
    return Completeness(
        summaries=_summaries(counts, f"?{urlencode(address)}&section={{section}}#{{section}}", shown),
        blocks=_blocks([(shown, periods)], found.sites),
        page=Paginator(range(found.total), SITES_ON_A_PAGE).get_page(wanted),
        query=urlencode({**address, "section": shown.code}),
    )


def _number(page: str) -> int:
    """The page asked for; the first where that is no number of a page."""
    return max(int(page), 1) if page.isdecimal() and len(page) < _DIGITS_OF_A_PAGE else 1


def on_start_page(user: User, year: ReportingYear) -> Completeness:
    """The whole matrix where it is small, else the summary, whose links lead to the page of its own."""
    counts = counted(user, year.pk)
    if _are_few(counts):
        return Completeness(summaries=(), blocks=_whole(user, counts), page=None, query="")
    address = f"{reverse_once('admin:completeness')}?{urlencode({'year': year.code})}&section={{section}}#{{section}}"
    return Completeness(summaries=_summaries(counts, address), blocks=(), page=None, query="")


def _are_few(counts: Iterable[Counted]) -> bool:
    return sum(each.forms for each in counts) <= FEW_FORMS


def _known(counts: Iterable[Counted]) -> list[Section]:
    """The sections that have forms, in the order in which they were declared."""
    codes = {each.section for each in counts}
    return [section for section in sections if section.code in codes]


def _columns(counts: Iterable[Counted], section: Section) -> list[Period]:
    used = {each.period.pk: each.period for each in counts if each.section == section.code}
    return sorted(used.values(), key=lambda period: period.starts_on)


def _summaries(counts: Sequence[Counted], address: str, shown: Section | None = None) -> list[Summary]:
    """``address`` of each section, with a place for its code."""
    today = timezone.localdate()
    of_section: dict[str, list[Counted]] = defaultdict(list)
    for each in counts:
        of_section[each.section].append(each)
    return [
        Summary(
            section=section,
            expected=_sum(of_section[section.code]),
            approved=_sum(each for each in of_section[section.code] if each.state == State.APPROVED),
            to_review=_sum(each for each in of_section[section.code] if each.state == State.SUBMITTED),
            late=_sum(
                each for each in of_section[section.code] if each.state in OPEN_STATES and each.period.due_on < today
            ),
            url=address.format(section=section.code),
            is_shown=section is shown,
        )
        for section in _known(counts)
    ]


def _sum(counts: Iterable[Counted]) -> int:
    return sum(each.forms for each in counts)


def _whole(user: User, counts: Sequence[Counted]) -> list[Block]:
    """Every section with all its sites."""
    if not counts:
        return []
    shown = [(section, _columns(counts, section)) for section in _known(counts)]
    found = sites_of(
        user,
        periods={each.period.pk for each in counts},
        sections=[section.code for section, _periods in shown],
        page=0,
        per_page=FEW_FORMS,
    )
    return _blocks(shown, found.sites)


def _blocks(
    shown: Sequence[tuple[Section, Sequence[Period]]], sites: Sequence[tuple[Site, Sequence[Form]]]
) -> list[Block]:
    today = timezone.localdate()
    before, after = review_page(0).rsplit("0", 1)
    not_expected = _("not expected")
    nothing = f'<td><span class="visually-hidden">{escape(not_expected)}</span></td>'
    periods = {period.pk: period for _section, its_periods in shown for period in its_periods}
    written: dict[tuple[str, int, bool], tuple[str, str]] = {}
    rows: dict[str, list[str]] = {section.code: [] for section, _periods in shown}
    columns = {section.code: [period.pk for period in its_periods] for section, its_periods in shown}
    for site, forms in sites:
        name = f'<tr><th scope="row">{escape(site.name)}</th>'
        cells: dict[str, dict[int, str]] = defaultdict(dict)
        for form in forms:
            key = form.state, form.period_id, form.is_touched
            if key not in written:
                opening, closing = _around(_mark(form, periods[form.period_id], today))
                written[key] = f"{opening}{before}", f"{after}{closing}"
            start, end = written[key]
            cells[form.section][form.period_id] = f"{start}{form.pk}{end}"
        for section, of_site in cells.items():
            line = "".join([of_site.get(period, nothing) for period in columns[section]])
            rows[section].append(f"{name}{line}</tr>")
    return [
        Block(section=section, periods=its_periods, rows=SafeString("\n".join(rows[section.code])))
        for section, its_periods in shown
    ]


def _mark(form: Form, period: Period, today: dt.date) -> Mark:
    return mark_for(
        State(form.state),
        int(form.is_touched),
        due_on=period.due_on,
        ends_on=period.ends_on,
        today=today,
        for_reviewer=True,
    )


def _around(mark: Mark) -> tuple[str, str]:
    """What stands before and after the address in a cell of this mark."""
    return (
        format_html('<td><a class="matrix__cell state--{}" href="', mark.code),
        format_html(
            '" title="{}"><span aria-hidden="true">{}</span><span class="visually-hidden">{}</span></a></td>',
            mark.label,
            mark.sign,
            mark.label,
        ),
    )
