"""The columns of a file of records, and every heading they may stand under.

Headings are a fixed table and no translations: a file is read alike in whatever language its reader signs in.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from django.conf import settings
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from apps.submissions.sections import Grid, Table, sections


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its code, its heading in the three languages, and what else people call it."""

    code: str
    en: str
    zh_hans: str
    zh_hant: str
    also: tuple[str, ...] = ()
    required: bool = False
    # What stands in it, told on the import page.
    holds: StrPromise | str = ""

    def label(self, language: str) -> str:
        return {"zh-hans": self.zh_hans, "zh-hant": self.zh_hant}.get(language, self.en)


COLUMNS: Final = (
    Column(
        code="site",
        en="Site",
        zh_hans="厂区",
        zh_hant="廠區",
        also=("plant", "site code", "基地", "生产基地", "生產基地", "工厂", "工廠", "厂区代码", "廠區代碼"),
        required=True,
        holds=gettext_lazy("Code or name of the site."),
    ),
    Column(
        code="period",
        en="Period",
        zh_hans="期间",
        zh_hant="期間",
        also=("month", "reporting period", "月份", "报告期", "報告期", "匯報期"),
        required=True,
        holds=gettext_lazy("A month like 2020-03, or the code of a year where the form is annual."),
    ),
    Column(
        code="record_kind",
        en="Record kind",
        zh_hans="记录类别",
        zh_hant="記錄類別",
        also=("kind", "table", "类别", "類別"),
        required=True,
        holds=gettext_lazy("Which table of the form: its code or title."),
    ),
    Column(
        code="item",
        en="Item",
        zh_hans="项目",
        zh_hant="項目",
        also=("row", "指标", "指標"),
        required=True,
        holds=gettext_lazy("Code or name of the row; where a row has two parts, both with a stroke between them."),
    ),
    Column(
        code="quantity",
        en="Quantity",
        zh_hans="数量",
        zh_hant="數量",
        also=("value", "amount", "数值", "數值"),
        required=True,
        holds=gettext_lazy("A number. Zero is written 0; a blank needs a state that says why."),
    ),
    Column(
        code="unit",
        en="Unit",
        zh_hans="单位",
        zh_hant="單位",
        required=True,
        holds=gettext_lazy("The unit of this number, such as 万kWh or kg. Blank: the unit in which the item is kept."),
    ),
    Column(
        code="state",
        en="State",
        zh_hans="状态",
        zh_hant="狀態",
        also=("status",),
        holds=gettext_lazy(
            "Blank for a value; otherwise not_applicable, not_available_yet or not_measured, with a note."
        ),
    ),
    Column(
        code="method",
        en="Method",
        zh_hans="方法",
        zh_hant="方法",
        also=("取得方式",),
        holds=gettext_lazy(
            "metered, recorded, invoiced, calculated or estimated. Blank: as before, else as usual for the row."
        ),
    ),
    Column(
        code="note",
        en="Note",
        zh_hans="备注",
        zh_hant="備註",
        also=("remark", "remarks", "说明", "說明", "附註"),
        holds=gettext_lazy("Why there is no value, what an estimate rests on, or anything else."),
    ),
    Column(
        code="date",
        en="Date",
        zh_hans="日期",
        zh_hant="日期",
        also=("tested on", "检测日期", "檢測日期"),
        holds=gettext_lazy("The day of a stack test or course, like 2020-03-11."),
    ),
    Column(
        code="reference",
        en="Reference",
        zh_hans="报告编号",
        zh_hant="報告編號",
        also=("report number", "report no.", "trainer", "编号", "編號", "培训师", "培訓師"),
        holds=gettext_lazy("The number of the test report, or the trainer of a course."),
    ),
)


def all_columns() -> tuple[Column, ...]:
    """The fixed columns, then one for each extra quantity of a grid and each further column of a register."""
    fixed = {column.code for column in COLUMNS}
    extras: dict[str, Column] = {}
    for section in sections:
        for grid in section.grids:
            for name in grid.extra_quantities:
                holds = _("%(table)s only, in the unit in which the item is kept.") % {"table": grid.title}
                extras.setdefault(name, _extra_column(grid, name, name, holds))
        for register in section.registers:
            for code, name in register.file_fields.items():
                if code not in fixed:
                    holds = _("%(table)s only.") % {"table": register.title}
                    extras.setdefault(code, _extra_column(register, code, name, holds))
    return (*COLUMNS, *extras.values())


def _extra_column(table: Table, code: str, name: str, holds: str) -> Column:
    model_field = cast(Any, table.model._meta.get_field(name))
    words = in_every_language(capfirst(model_field.verbose_name))
    return Column(
        code=code,
        en=words["en"],
        zh_hans=words["zh-hans"],
        zh_hant=words["zh-hant"],
        holds=holds,
    )


def in_every_language(words: Any) -> dict[str, str]:
    """A lazy string in each of the portal's languages."""
    spoken = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            spoken[language] = str(words)
    return spoken


def has_file(table: Table) -> bool:
    """Whether files carry the records of this table."""
    return isinstance(table, Grid) or bool(table.file_fields)


_BETWEEN_WORDS = re.compile(r"[\s_\-·]+")


def key_of(text: str) -> str:
    """What two spellings of the same word have in common: width, case, spaces and dashes do not count."""
    return _BETWEEN_WORDS.sub("", unicodedata.normalize("NFKC", text).casefold())


@dataclass(kw_only=True)
class Headings:
    """Where each column stands in a file, and what is wrong with its headings."""

    places: dict[str, int] = field(default_factory=dict)
    # By place, or None where the heading is not there at all.
    problems: list[tuple[int | None, str]] = field(default_factory=list)
    readable: bool = True


def read_headings(headings: Sequence[str]) -> Headings:
    """Finds the columns, in whatever order and language they come."""
    known = _by_key(all_columns())
    found = Headings()
    for place, heading in enumerate(headings):
        if not heading.strip():
            continue
        column = known.get(key_of(heading))
        if column is None:
            found.problems.append(
                (
                    place,
                    _("“%(heading)s” is not a column of this file. Known are: %(known)s.")
                    % {"heading": heading.strip()[:40], "known": ", ".join(c.code for c in all_columns())},
                )
            )
        elif column.code in found.places:
            found.readable = False
            found.problems.append(
                (place, _("The column “%(heading)s” stands here twice. Keep one.") % {"heading": heading.strip()})
            )
        else:
            found.places[column.code] = place
    missing = [column.code for column in COLUMNS if column.required and column.code not in found.places]
    if missing:
        found.readable = False
        found.problems.append(
            (
                None,
                _("These columns are missing: %(missing)s. The first row of the table holds the headings.")
                % {"missing": ", ".join(missing)},
            )
        )
    return found


def _by_key(columns: Iterable[Column]) -> dict[str, Column]:
    return {
        key_of(name): column
        for column in columns
        for name in (column.code, column.en, column.zh_hans, column.zh_hant, *column.also)
    }
