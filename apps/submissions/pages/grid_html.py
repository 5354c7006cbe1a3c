"""The lines of a grid as HTML, written here and not in a template: a page has dozens of them, each of ten cells, and a
template took most of its time and, with its indentation, a third of its bytes.
"""

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

if TYPE_CHECKING:
    from apps.submissions.pages.grids import ExtraView, RowView


class GridWriter:
    """Writes the lines of one grid. Words that all of them share are looked up once."""

    def __init__(self, code: str, previous_head: str, year_ago_head: str, *, editable: bool) -> None:
        self.code = escape(code)
        self.columns = 10 if year_ago_head else 9
        self.previous_head = escape(previous_head)
        self.year_ago_head = escape(year_ago_head)
        self.editable = editable
        self.value = escape(_("Value"))
        self.unit = escape(_("Unit"))
        self.change = escape(_("Change"))
        self.how = escape(_("How it is known"))
        self.note = escape(pgettext("column", "Note"))
        self.attach = escape(_("Attach"))
        self.stock = escape(_("Stock movements"))

    def line(self, row: "RowView", *, focused: bool) -> SafeString:
        """The line itself. A second one follows where it has quantities of its own, unless words go before them."""
        row_id, title, unit = escape(row.id), escape(row.title), escape(row.unit)
        past = f'<td class="number grid__past" data-label="{self.previous_head}">{escape(row.previous)}</td>'
        if self.year_ago_head:
            past += f'<td class="number grid__past" data-label="{self.year_ago_head}">{escape(row.year_ago)}</td>'
        more = " grid__row--more" if row.has_more else ""
        if row.extras:
            row.extras_html = self._extras(row, row_id, unit)
        second = ""
        if row.extras and not row.has_words:
            second = f'<tr class="grid__more"><td colspan="{self.columns}">{row.extras_html}</td></tr>'
        return SafeString(
            f'<tr id="row-{row_id}" class="grid__row{more}" data-previous="{escape(row.previous_plain)}">'
            f'<th scope="row" id="h-{row_id}" class="grid__row-head">{title} <span class="unit">{unit}</span></th>'
            f'{past}<td class="grid__trend">{_trend(row)}</td>'
            f"{self._fields(row, row_id, unit, focused=focused) if self.editable else self._texts(row)}"
            f'<td class="grid__evidence">{self._evidence(row, row_id, title)}</td></tr>{second}'
        )

    def _fields(self, row: "RowView", row_id: str, unit: str, *, focused: bool) -> str:
        def labelled(column: str) -> str:
            return f'aria-labelledby="h-{row_id} c-{self.code}-{column}"{_wrong(row.problems, row_id, column)}'

        def named(column: str) -> str:
            return f'class="cell" id="{row_id}:{column}" name="{row_id}:{column}" data-column="{column}"'

        return (
            f'<td class="grid__value"><input class="cell number" id="{row_id}:value" name="{row_id}:value" '
            f'value="{escape(row.value)}" inputmode="decimal" autocomplete="off" maxlength="80" data-column="value"'
            f"{' autofocus' if focused else ''} {labelled('value')}>"
            f'<span class="grid__canonical" data-canonical="{unit}">{escape(row.canonical)}</span></td>'
            f'<td class="grid__unit"><select {named("unit")} {labelled("unit")}>{row.unit_options}</select></td>'
            f'<td class="number grid__change" data-label="{self.change}" data-change>{escape(row.change)}</td>'
            f'<td class="grid__how"><select {named("how")} data-usual="{escape(row.usual_how)}" {labelled("how")}>'
            f"{row.how_options}</select></td>"
            f'<td class="grid__note"><textarea {named("note")} rows="1" autocomplete="off" '
            f'placeholder="{self.note}" {labelled("note")}>{escape(row.note)}</textarea></td>'
        )

    def _texts(self, row: "RowView") -> str:
        return (
            f'<td class="number grid__value" data-label="{self.value}">{escape(row.value or "–")} '
            f'<span class="grid__canonical">{escape(row.canonical)}</span></td>'
            f'<td data-label="{self.unit}">{escape(row.unit_label)}</td>'
            f'<td class="number" data-label="{self.change}">{escape(row.change)}</td>'
            f'<td data-label="{self.how}">{escape(row.how_label)}</td>'
            f'<td class="grid__note" data-label="{self.note}">{escape(row.note)}</td>'
        )

    def _extras(self, row: "RowView", row_id: str, unit: str) -> SafeString:
        said = "".join(
            f'<span class="grid__extra-said">{escape(extra.label)} {escape(extra.value)}</span> '
            for extra in row.extras
            if extra.value
        )
        fields = "".join(self._extra(extra, row_id) for extra in row.extras)
        return SafeString(
            f'<details class="grid__extras"{" open" if row.extras_open else ""}><summary>{self.stock} '
            f'<span class="unit">{unit}</span> {said}</summary><div class="grid__extra-fields">{fields}</div></details>'
        )

    def _extra(self, extra: "ExtraView", row_id: str) -> str:
        label, value = escape(extra.label), escape(extra.value)
        if not self.editable:
            return f"<span>{label}: {value or '–'}</span>"
        name = f"{row_id}:{extra.name}"
        problem, wrong = (f" e-{name}", ' aria-invalid="true"') if extra.problem else ("", "")
        return (
            f'<label><span>{label}</span><input class="cell number" id="{name}" name="{name}" value="{value}" '
            f'inputmode="decimal" autocomplete="off" aria-describedby="h-{row_id}{problem}"{wrong}></label>'
        )

    def _evidence(self, row: "RowView", row_id: str, title: str) -> str:
        files = row.remarks.files
        if not files and not self.editable:
            return ""
        said = self.attach
        if files:
            said = escape(ngettext("%(count)s file", "%(count)s files", files) % {"count": files})
        return (
            f'<a href="#evidence" data-evidence-of="{row_id}">{said} <span class="visually-hidden">{title}</span></a>'
        )


def _trend(row: "RowView") -> str:
    text = f'<span class="visually-hidden">{escape(row.trend_text)}</span>' if row.trend_text else ""
    if row.trend is None:
        return text
    now = f'<circle class="spark__now" cx="{row.trend.x}" cy="{row.trend.y}" r="2.5"/>' if row.trend.x else ""
    return (
        '<svg class="spark" viewBox="0 0 88 24" aria-hidden="true" focusable="false">'
        f'<path class="spark__line" d="{row.trend.path}"/>{now}</svg>{text}'
    )


def _wrong(problems: Mapping[str, str], row_id: str, column: str) -> str:
    """Tells a screen reader that a field is wrong, and where it says why."""
    return f' aria-invalid="true" aria-describedby="e-{row_id}:{column}"' if problems.get(column) else ""
