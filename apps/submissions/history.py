"""The history of a submission: what was done, in groups of one person at one time, and any two moments compared."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from apps.audit.models import Change
from apps.submissions import changelog
from apps.submissions.changelog import Describer, Logged, RowChange
from apps.submissions.choices import STATE_SIGNS, State
from apps.submissions.models import Submission, SubmissionEvent

PAGE_SIZE = 150
MOST_MOMENTS = 300
# Changes of one person within so much time are told together.
_TOGETHER = dt.timedelta(minutes=2)


@dataclass(kw_only=True)
class Group:
    """What one person did at one time: changes of rows, or a step of the workflow."""

    at: dt.datetime
    actor: str
    event: SubmissionEvent | None = None
    rows: list[RowChange] = field(default_factory=list)


def page_of(submission: Submission, number: str | None) -> tuple[Page[Change], list[Group]]:
    """The newest first. Events stand where they happened between the changes."""
    found = Change.objects.filter(submission_id=submission.pk).order_by("-id")
    page = Paginator(found, PAGE_SIZE).get_page(number)
    lines = changelog.read(page.object_list)  # type: ignore[arg-type]
    describer = Describer(submission.section_declaration, lines)
    groups = [*_groups(describer, lines), *_events(submission, page, lines)]
    return page, sorted(groups, key=lambda group: group.at, reverse=True)


def _groups(describer: Describer, lines: Sequence[Logged]) -> list[Group]:
    groups: list[Group] = []
    for line in lines:
        described = describer.describe(line)
        if described is None:
            continue
        last = groups[-1] if groups else None
        if last is None or last.actor != line.actor or last.rows[-1].at - line.at > _TOGETHER:
            last = Group(at=line.at, actor=line.actor)
            groups.append(last)
        last.rows.append(described)
    for group in groups:
        group.rows.reverse()
    return groups


def _events(submission: Submission, page: Page[Change], lines: Sequence[Logged]) -> list[Group]:
    events = submission.events.select_related("actor")
    if page.has_previous() and lines:
        events = events.filter(at__lte=lines[0].at)
    if page.has_next() and lines:
        events = events.filter(at__gt=lines[-1].at)
    return [Group(at=event.at, actor=str(event.actor or ""), event=event) for event in events]


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A state of the submission that can be looked back at: after a save or a step."""

    id: int
    label: str


def moments(submission: Submission) -> list[Moment]:
    """Every revision, the newest first."""
    lines = changelog.read(changelog.of_submission(submission).order_by("-id")[:MOST_MOMENTS])
    return [Moment(id=line.id, label=_label(line)) for line in lines]


def _label(line: Logged) -> str:
    before, after = line.before, line.after or {}
    if before is None:
        what = _("opened")
    elif before["state"] != after["state"]:
        state = State(after["state"])
        what = f"{STATE_SIGNS[state]} {state.label}"
    else:
        what = _("saved")
    return _("%(number)s. %(when)s, %(person)s: %(what)s") % {
        "number": after["revision"],
        "when": date_format(localtime(line.at), "SHORT_DATETIME_FORMAT"),
        "person": line.actor or _("system"),
        "what": what,
    }


def differences(submission: Submission, one: int, other: int) -> list[RowChange]:
    """What became different in the records from one moment to the other, whichever came first."""
    first, last = sorted((one, other))
    lines = changelog.read(changelog.of_records(submission).filter(id__gt=first, id__lte=last).order_by("id"))
    merged: dict[tuple[str, int], Logged] = {}
    for line in lines:
        key = (line.table, line.record_id)
        earlier = merged.get(key)
        merged[key] = Logged(
            id=line.id,
            at=line.at,
            table=line.table,
            record_id=line.record_id,
            actor_id=line.actor_id,
            actor=line.actor,
            before=earlier.before if earlier else line.before,
            after=line.after,
        )
    return _in_order(submission, Describer(submission.section_declaration, lines), list(merged.values()))


def _in_order(submission: Submission, describer: Describer, lines: Sequence[Logged]) -> list[RowChange]:
    order = list(describer.tables)
    lines = sorted(lines, key=lambda line: (order.index(line.table), line.record_id))
    described = (describer.describe(line) for line in lines if line.before is not None or line.after is not None)
    return _merged_rows([change for change in described if change is not None])


def _merged_rows(changes: Sequence[RowChange]) -> list[RowChange]:
    """A row that was emptied and typed anew has two records; it is told as one."""
    by_row: dict[str, RowChange] = {}
    for change in changes:
        known = by_row.get(change.row)
        by_row[change.row] = change if known is None else _joined(known, change)
    return [change for change in by_row.values() if change.fields]


def _joined(one: RowChange, two: RowChange) -> RowChange:
    was = {entry.label: entry.was for entry in one.fields}
    now = {entry.label: entry.now for entry in two.fields}
    labels = list(dict.fromkeys([*was, *now]))
    fields = tuple(
        changelog.FieldChange(label=label, was=was.get(label, ""), now=now.get(label, ""))
        for label in labels
        if was.get(label, "") != now.get(label, "")
    )
    return RowChange(title=two.title, row=two.row, fields=fields, at=two.at, actor=two.actor)
