"""A workbook for a roster to be filled in: headings, and words to choose from."""

import datetime as dt
from collections.abc import Sequence
from typing import IO, Any, Final

import xlsxwriter
from django.utils.translation import get_language

from apps.workforce.models import WorkforceGroup
from apps.workforce.roster.columns import BIRTH_DATE, COLUMNS, HIRE_DATE, LEAVING_DATE, TRAINED, TRAINING_HOURS
from apps.workforce.roster.groups import WORD_COLUMNS, Groups

# The rows that have the lists.
_ROWS: Final = 20_000
_WIDTH: Final = 18
# Excel takes a list of at most 255 characters.
_LONGEST_LIST: Final = 255
# Words the reader knows, in the language of whoever fills them in.
_YES_NO: Final = {"zh-hans": ("是", "否"), "zh-hant": ("是", "否")}


def write(stream: IO[bytes], groups: Groups) -> None:
    """Choices are ``groups``, headings and words in the language of the reader."""
    language = get_language() or "en"
    with xlsxwriter.Workbook(stream) as workbook:
        sheet = workbook.add_worksheet("roster")
        sheet.freeze_panes(1, 0)
        head = workbook.add_format({"bold": True, "bottom": 1})
        day, text = workbook.add_format({"num_format": "yyyy-mm-dd"}), workbook.add_format({"num_format": "@"})
        for place, column in enumerate(COLUMNS):
            is_day = column.code in (BIRTH_DATE, HIRE_DATE, LEAVING_DATE)
            # Numbers of people are text, or a spreadsheet would take their leading zeros away.
            sheet.set_column(place, place, _WIDTH, day if is_day else None if column.code == TRAINING_HOURS else text)
            sheet.write_string(0, place, column.label(language), head)
            if is_day:
                _validate(sheet, place, {"validate": "date", "criteria": ">", "value": dt.date(1900, 1, 1)})
            elif column.code == TRAINING_HOURS:
                _validate(sheet, place, {"validate": "decimal", "criteria": ">=", "value": 0})
            elif column.code == TRAINED:
                _offer(sheet, place, _YES_NO.get(language, ("yes", "no")))
            elif column.code in WORD_COLUMNS:
                _offer_groups(sheet, place, groups.of_column(column.code))


def _offer_groups(sheet: Any, place: int, groups: Sequence[WorkforceGroup]) -> None:
    """Names, or codes where names would not stand in a list."""
    for words in ([group.name for group in groups], [group.code for group in groups]):
        if words and not any("," in word for word in words) and _length(words) <= _LONGEST_LIST:
            _offer(sheet, place, words)
            return


def _length(words: Sequence[str]) -> int:
    return sum(len(word) + 1 for word in words)


def _offer(sheet: Any, place: int, words: Sequence[str]) -> None:
    _validate(sheet, place, {"validate": "list", "source": list(words)})


def _validate(sheet: Any, place: int, rule: dict[str, Any]) -> None:
    sheet.data_validation(1, place, _ROWS, place, rule)
