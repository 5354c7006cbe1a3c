"""The rows of "My work" and "Enter data", written at once: through templates fifty rows take most of a page's time.

The words that stand in every row are looked up once for the page, a day or a period is written once for all its rows.
"""

import datetime as dt
from collections.abc import Iterable
from functools import cache

from django.urls import reverse
from django.utils.formats import date_format, localize
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.submissions.marks import Mark, mark_of
from apps.submissions.models import Submission
from apps.submissions.work import Duty


def submission_rows(submissions: Iterable[Submission]) -> SafeString:
    """Forms with site, state, due date and who worked on them last."""
    page = _Page()
    site, state = _cell(_("Site")), _cell(_("State"))
    rows = [
        f'<tr><th scope="row"><a href="{page.address(each)}">{page.name(each)}</a></th>'
        f"{site}{escape(str(each.site))}</td>{state}{_state(mark_of(each))}</td>"
        f"{page.due}{page.day(each.period.due_on)}</td>{page.worked_on(each)}</tr>"
        for each in submissions
    ]
    return SafeString("\n".join(rows))


def duty_rows(duties: Iterable[Duty]) -> SafeString:
    """Forms to fill in, with what came back, how much is answered and how long there is."""
    page = _Page()
    state, answered = _cell(_("State")), _("Rows answered")
    rows = []
    for duty in duties:
        form = duty.submission
        rows.append(
            f'<tr><th scope="row"><a class="duty__link" href="{page.address(form)}#{escape(duty.anchor)}">'
            f'{page.name(form)}</a><span class="duty__site">{escape(str(form.site))}</span>'
            f"{page.words(duty)}</th>{state}{_state(duty.mark)}</td>"
            f"{_cell(answered)}{_progress(duty, answered)}</td>{page.due}{page.time_left(form)}</td>"
            f"{page.worked_on(form)}</tr>"
        )
    return SafeString("\n".join(rows))


def _cell(label: str) -> str:
    """The start of a cell that says its heading where a row stands as a card."""
    return f'<td data-label="{escape(label)}">'


def _state(mark: Mark) -> str:
    return (
        f'<span class="state state--{mark.code}"><span class="state__sign" aria-hidden="true">{mark.sign}</span>'
        f"{escape(mark.label)}</span>"
    )


def _progress(duty: Duty, label: str) -> str:
    if not duty.rows_expected:
        return '<span class="soft">–</span>'
    told = _("%(done)s of %(all)s") % {"done": localize(duty.rows_answered), "all": localize(duty.rows_expected)}
    return (
        f'<span class="progress"><meter min="0" max="{duty.rows_expected}" value="{duty.rows_answered}" '
        f'aria-label="{escape(label)}"></meter> {escape(told)}</span>'
    )


class _Page:
    """What the rows of one page have in common."""

    def __init__(self) -> None:
        self.due = _cell(_("Due"))
        self._last = _cell(_("Last worked on"))
        not_begun = _("not begun")
        self._untouched = f'{self._last}<span class="soft">{escape(not_begun)}</span></td>'
        self._start, self._end = reverse("submissions:edit", args=[0]).rsplit("0", 1)
        self._today = localdate()
        self.day = cache(_day)
        self._time_left = cache(_time_left)
        self._periods: dict[int, str] = {}
        self._titles: dict[str, str] = {}

    def address(self, form: Submission) -> str:
        return f"{self._start}{form.pk}{self._end}"

    def name(self, form: Submission) -> str:
        """The period and the section."""
        if form.period_id not in self._periods:
            self._periods[form.period_id] = escape(str(form.period))
        if form.section not in self._titles:
            self._titles[form.section] = escape(str(form.section_declaration.title))
        return f"{self._periods[form.period_id]} · {self._titles[form.section]}"

    def worked_on(self, form: Submission) -> str:
        if form.saved_at is None:
            return self._untouched
        when = date_format(localtime(form.saved_at), "SHORT_DATETIME_FORMAT")
        who = escape(str(form.saved_by or ""))
        return f'{self._last}<span>{who} <span class="soft duty__when">{when}</span></span></td>'

    def time_left(self, form: Submission) -> str:
        """When it is due, and how long that is: of open forms alone, which are late after their day."""
        day = form.period.due_on
        left = self._time_left(day, self._today)
        return f'<span><time datetime="{day.isoformat()}">{self.day(day)}</time> {left}</span>'

    def words(self, duty: Duty) -> str:
        """With what words it came back."""
        said = duty.returned
        if said is None:
            return ""
        moment = localtime(said.at)
        asked = ""
        if duty.open_questions:
            told = ngettext("one question on a row", "%(count)s questions on rows", duty.open_questions)
            asked = f" · {escape(told % {'count': localize(duty.open_questions)})}"
        return (
            f'<div class="duty__words"><q>{escape(said.comment)}</q> <span class="soft small">'
            f'{escape(str(said.actor))}, <time datetime="{moment.isoformat()}">'
            f"{date_format(moment, 'SHORT_DATE_FORMAT')}</time>{asked}</span></div>"
        )


def _day(day: dt.date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def _time_left(due_on: dt.date, today: dt.date) -> str:
    days = (due_on - today).days
    if days < 0:
        told = ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": localize(-days)}
        return f'<strong class="duty__late">{escape(told)}</strong>'
    told = ngettext("%(days)s day left", "%(days)s days left", days) % {"days": localize(days)}
    return f'<span class="soft duty__left">{escape(told)}</span>'
