"""What colleagues saved on an entry page after the state that somebody is looking at."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from apps.submissions import changelog
from apps.submissions.changelog import Describer, RowChange, cell_of
from apps.submissions.entry import Cell
from apps.submissions.sections import Grid
from apps.submissions.sheets import Sheet


@dataclass(frozen=True, kw_only=True)
class Touched:
    """A row that somebody saved since: as it was before that."""

    before: Cell
    actor: str
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Meanwhile:
    """``rows`` by row id, ``entries`` by register."""

    rows: Mapping[str, Touched] = field(default_factory=dict)
    entries: Mapping[str, list[RowChange]] = field(default_factory=dict)


def since(sheet: Sheet, revision: int) -> Meanwhile:
    """What was saved after ``revision``."""
    seen = changelog.of_submission(sheet.submission).filter(after__revision=revision).last()
    if seen is None:
        return Meanwhile()
    lines = changelog.read(changelog.of_records(sheet.submission).filter(id__gt=seen.pk).order_by("id"))
    describer = Describer(sheet.section, lines)
    rows: dict[str, Touched] = {}
    entries: dict[str, list[RowChange]] = {}
    for line in lines:
        table = describer.tables[line.table]
        described = describer.describe(line)
        if described is None:
            continue
        if isinstance(table, Grid):
            first = rows.get(described.row)
            before = first.before if first else cell_of(line.before, table.extra_quantities)
            rows[described.row] = Touched(before=before, actor=line.actor, at=line.at)
        else:
            entries.setdefault(table.code, []).append(described)
    return Meanwhile(rows=rows, entries=entries)
