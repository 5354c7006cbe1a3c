"""How complete a year is: of each section how much is approved, and the state of every form in a matrix.

A large group has tens of thousands of forms in a year. The database counts them by section; the matrix shows one
section at a time then, and so many sites on a page.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, Model, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.organisation.models import Period, ReportingYear, Site
from apps.submissions import policies
from apps.submissions.choices import OPEN_STATES, State
from apps.submissions.marks import Mark, mark_for
from apps.submissions.models import Submission
from apps.submissions.sections import Section, sections

# So many forms stand on one page with all their sections below each other.
FEW_FORMS: Final = 1000
SITES_ON_A_PAGE: Final = 50


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


@dataclass(frozen=True, slots=True)
class Cell:
    """One submission in the matrix."""

    mark: Mark
    url: str


@dataclass(frozen=True, kw_only=True)
class Block:
    """How complete one section is: a line for each site, a column for each period; None where nothing is expected."""

    section: Section
    periods: Sequence[Period]
    lines: Sequence[tuple[Site, Sequence[Cell | None]]]

    @property
    def rows(self) -> SafeString:
        """The lines as they are printed: written here, since a template takes several times as long over them."""
        written: dict[str, tuple[str, str]] = {}
        nothing = f'<td><span class="visually-hidden">{escape(_("not expected"))}</span></td>'
        rows = []
        for site, cells in self.lines:
            parts: list[str] = [format_html('<tr><th scope="row">{}</th>', site.name)]
            for cell in cells:
                if cell is None:
                    parts.append(nothing)
                    continue
                if cell.mark.code not in written:
                    written[cell.mark.code] = _around(cell.mark)
                before, after = written[cell.mark.code]
                parts.append(f"{before}{cell.url}{after}")
            rows.append("".join((*parts, "</tr>")))
        return SafeString("\n".join(rows))


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


@dataclass(frozen=True, kw_only=True)
class Completeness:
    """``page`` are the sites of the one section that is shown, where not all sections are."""

    summaries: Sequence[Summary]
    blocks: Sequence[Block]
    page: Page[Any] | None
    query: str

    @property
    def has_summary(self) -> bool:
        """Where all sections stand below each other they say it themselves."""
        return self.page is not None


def completeness(user: User, year: ReportingYear, section: str = "", page: str = "") -> Completeness:
    """``section`` and ``page`` choose what is shown where it is too much for one page."""
    expected = policies.submissions_for(user).filter(period__year=year)
    counted = _counted(expected)
    if sum(of_section["expected"] for of_section in counted.values()) <= FEW_FORMS:
        return Completeness(summaries=(), blocks=_blocks(list(sections), _read(expected)), page=None, query="")
    known = [each for each in sections if each.code in counted]
    shown = next((each for each in known if each.code == section), known[0])
    of_section = expected.filter(section=shown.code)
    numbers = Site.objects.filter(pk__in=of_section.values("site")).values_list("pk", flat=True)
    sites = Paginator(list(numbers), SITES_ON_A_PAGE).get_page(page)
    return Completeness(
        summaries=[
            Summary(
                section=each,
                url="?" + urlencode({"year": year.code, "section": each.code}),
                is_shown=each is shown,
                **counted[each.code],
            )
            for each in known
        ],
        blocks=_blocks([shown], _read(of_section.filter(site__in=sites.object_list))),
        page=sites,
        query=urlencode({"year": year.code, "section": shown.code}),
    )


def _counted(expected: QuerySet[Submission]) -> dict[str, dict[str, int]]:
    today = timezone.localdate()
    rows: Any = (
        expected.order_by()
        .values("section")
        .annotate(
            expected=Count("pk"),
            approved=Count("pk", filter=Q(state=State.APPROVED)),
            to_review=Count("pk", filter=Q(state=State.SUBMITTED)),
            late=Count("pk", filter=Q(state__in=OPEN_STATES, period__due_on__lt=today)),
        )
    )
    return {row.pop("section"): row for row in rows}


def _read(expected: QuerySet[Submission]) -> list[tuple[Any, ...]]:
    """Section, state, revision and number of each form, then its site's columns and its period's: one question."""
    return list(expected.order_by().values_list("section", "state", "revision", "pk", *_columns()))


def _columns() -> list[str]:
    return [f"{name}__{column}" for name, model in (("site", Site), ("period", Period)) for column in _names(model)]


def _names(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _blocks(shown: Sequence[Section], forms: Sequence[tuple[Any, ...]]) -> list[Block]:
    """Sites and periods are made once each of what every form says of them."""
    sites: dict[int, Site] = {}
    periods: dict[int, Period] = {}
    site_names, period_names = _names(Site), _names(Period)
    site_at, period_at = 4 + site_names.index("id"), 4 + len(site_names) + period_names.index("id")
    before, after = reverse("admin:submissions_submission_change", args=[0]).rsplit("0", 1)
    today = timezone.localdate()
    marks: dict[tuple[str, int, bool], Mark] = {}
    cells: dict[str, dict[int, dict[int, Cell]]] = defaultdict(lambda: defaultdict(dict))
    for form in forms:
        section, state, revision, pk = form[:4]
        site, period = form[site_at], form[period_at]
        if site not in sites:
            sites[site] = Site.from_db(None, site_names, form[4 : 4 + len(site_names)])
        if period not in periods:
            periods[period] = Period.from_db(None, period_names, form[4 + len(site_names) :])
        key = state, period, bool(revision)
        if key not in marks:
            marks[key] = _mark(state, revision, periods[period], today)
        cells[section][site][period] = Cell(marks[key], f"{before}{pk}{after}")
    in_order = sorted(sites.values(), key=lambda site: (site.position, site.code))
    return [_block(section, cells[section.code], periods, in_order) for section in shown if section.code in cells]


def _mark(state: str, revision: int, period: Period, today: dt.date) -> Mark:
    return mark_for(
        State(state), revision, due_on=period.due_on, ends_on=period.ends_on, today=today, for_reviewer=True
    )


def _block(
    section: Section, cells: dict[int, dict[int, Cell]], periods: dict[int, Period], sites: Sequence[Site]
) -> Block:
    used = {period for of_site in cells.values() for period in of_site}
    columns = sorted((periods[pk] for pk in used), key=lambda period: period.starts_on)
    return Block(
        section=section,
        periods=columns,
        lines=[(site, [cells[site.pk].get(period.pk) for period in columns]) for site in sites if site.pk in cells],
    )
