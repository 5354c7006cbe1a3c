"""Rosters as people write them: what is read, what is wrong, in which row and column; 20,000 lines of it."""

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

import pytest
import xlsxwriter

from apps.submissions.exchange.columns import key_of
from apps.workforce.roster.columns import COLUMNS
from tests.factories import World
from tests.submissions.exchange_files import csv_bytes, xlsx_bytes
from tests.workforce.rosters import (
    LINE,
    PLACES,
    SignIn,
    breakdown,
    derived,
    line,
    problems,
    roster,
    send,
    stored,
    text_of,
    totals,
    url,
)

# One cell changed in a right line; what is said of it.
WRONG: tuple[tuple[str, str, str], ...] = (
    ("gender", "", "This cell is blank"),
    ("gender", "unheard-of", "none of those in use. Write one of: Women, Men"),
    ("employment_type", "unheard-of", "Full-time, Part-time, Dispatched workers, Interns"),
    ("category", "unheard-of", "Senior management, Middle management, General staff"),
    ("origin", "women", "This word is none of those in use"),
    ("birth_date", "", "This cell is blank"),
    ("birth_date", "5 March 1985", "This is no day"),
    ("birth_date", "1985-02-29", "This is no day"),
    ("birth_date", "31111", "This is no day"),
    ("hire_date", "2015-13-01", "This is no day"),
    ("hire_date", "", "This cell is blank"),
    ("leaving_date", "soon", "This is no day"),
    ("leaving_date", "2015-05-31", "The leaving date lies before the hire date"),
    ("birth_date", "2015-06-02", "The birth date lies after the hire date"),
    ("birth_date", "1999-06-02", "child labour (State Council Order 364, article 2)"),
    ("birth_date", "1999-06-02", "has to be stated under Labour standards"),
    ("trained", "", "This cell is blank"),
    ("trained", "perhaps", "Write yes or no"),
    ("training_hours", "", "This cell is blank"),
    ("training_hours", "some", "This is no number of hours"),
    ("training_hours", "=4+4", "This is no number of hours"),
    ("training_hours", "-8", "Hours cannot be negative"),
    ("training_hours", "8785", "The year has 8784 hours"),
)


def test_each_wrong_cell_is_named(workforce_world: World, sign_in: SignIn) -> None:
    lines = roster(line(), *(line(**{column: wrong}) for column, wrong, _words in WRONG), line())
    answer = send(sign_in(workforce_world.clerk), breakdown(workforce_world), csv_bytes(lines))
    found = sorted(problems(answer))
    assert len(found) == len(WRONG)
    for (row, title, message), (number, (column, _wrong, words)) in zip(found, enumerate(WRONG, 3), strict=True):
        assert (row, title) == (number, f"{column} ({PLACES[column]})")
        assert words in message


def test_a_blank_employee_number(workforce_world: World, sign_in: SignIn) -> None:
    answer = send(
        sign_in(workforce_world.clerk), breakdown(workforce_world), csv_bytes(roster(line(employee_number=" ")))
    )
    assert problems(answer) == {(2, "employee_number (A)", "This cell is blank.")}


def test_who_was_hired_at_15_and_at_16(workforce_world: World, sign_in: SignIn) -> None:
    """On the day before the 16th birthday, and on it."""
    lines = roster(line(birth_date="1999-06-02"), line(birth_date="1999-06-01"))
    answer = send(sign_in(workforce_world.clerk), breakdown(workforce_world), csv_bytes(lines))
    assert [row for row, _column, _message in problems(answer)] == [2]


def test_an_employee_number_stands_once(workforce_world: World, sign_in: SignIn) -> None:
    numbers = ("A-17", "A17", "ａ－１７", "A-18", "a-18 ")
    answer = send(
        sign_in(workforce_world.clerk),
        breakdown(workforce_world),
        csv_bytes(roster(*(line(employee_number=number) for number in numbers))),
    )
    assert problems(answer) == {
        (4, "employee_number (A)", "The same employee number stands in row 2 already."),
        (6, "employee_number (A)", "The same employee number stands in row 5 already."),
    }
    assert "17" not in " ".join(message for _row, _column, message in problems(answer))


def test_every_problem_of_a_line_is_named_at_once(workforce_world: World, sign_in: SignIn) -> None:
    wrong = line(gender="x", hire_date="2015-06-01", leaving_date="2015-01-01", trained="x", training_hours="x")
    answer = send(sign_in(workforce_world.clerk), breakdown(workforce_world), csv_bytes(roster(wrong)))
    columns = [column for _row, column, _message in sorted(problems(answer), key=lambda problem: problem[1][-2])]
    assert columns == ["gender (B)", "leaving_date (E)", "trained (I)", "training_hours (J)"]
    assert "There are 4 problems in this roster" in text_of(answer)
    assert not stored(breakdown(workforce_world))


def test_no_answer_repeats_what_may_be_a_name(workforce_world: World, sign_in: SignIn) -> None:
    """Columns may have shifted, and headings may be missing."""
    submission, client = breakdown(workforce_world), sign_in(workforce_world.clerk)
    shifted = line(**dict.fromkeys(LINE, "Xiaoming"))
    answer = send(client, submission, csv_bytes(roster(shifted)))
    assert len(problems(answer)) == len(LINE) - 1, "all but the number"
    assert "Xiaoming" not in text_of(answer)
    answer = send(client, submission, csv_bytes(roster(shifted, line())[1:]))
    assert "These columns are missing" in text_of(answer) and "Xiaoming" not in text_of(answer)


def test_the_first_problems_are_shown_and_all_counted(workforce_world: World, sign_in: SignIn) -> None:
    lines = roster(*(line(gender="x") for _ in range(250)))
    answer = send(sign_in(workforce_world.clerk), breakdown(workforce_world), csv_bytes(lines))
    assert len(answer.context["problems"]) == 200
    assert "There are 250 problems" in text_of(answer) and "50 more are not shown" in text_of(answer)


def test_headings_that_do_not_do(workforce_world: World, sign_in: SignIn) -> None:
    submission, client = breakdown(workforce_world), sign_in(workforce_world.clerk)
    names = list(LINE)
    for headings, column, words in (
        (["number", *names[1:]], "", "These columns are missing: Employee number"),
        ([*names[:-2], "x", "y"], "", "These columns are missing: Trained, Training hours"),
        ([*names[:7], "Date of birth", *names[8:]], "Date of birth (H)", "stands here twice. Keep one"),
    ):
        found = problems(send(client, submission, csv_bytes(roster(line(), headings=headings))))
        assert any(words in message for _row, title, message in found if title == column), headings


def test_a_file_that_is_no_roster(workforce_world: World, sign_in: SignIn) -> None:
    submission, client = breakdown(workforce_world), sign_in(workforce_world.clerk)
    for name, content, words in (
        ("roster.csv", csv_bytes(roster()), "There is nothing in this file"),
        ("roster.csv", csv_bytes([list(LINE)]), "There is no line below the headings"),
        ("roster.csv", b"", "This file is empty"),
        ("roster.pdf", b"%PDF-1.7", "are not read. Save it as .xlsx or .csv"),
        ("roster.xlsx", xlsx_bytes(roster(line()))[:2000], "not a whole XLSX workbook"),
    ):
        answer = send(client, submission, content, name)
        assert answer.status_code == 422 and words in text_of(answer), name
    assert client.post(url("roster", submission)).status_code == 422


def test_too_large_a_file_is_refused(workforce_world: World, sign_in: SignIn, settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 100
    answer = send(sign_in(workforce_world.clerk), breakdown(workforce_world), csv_bytes(roster(line())))
    assert answer.status_code == 422 and "at most 100" in text_of(answer)


def test_cells_that_show_an_error_or_no_result(workforce_world: World, sign_in: SignIn) -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet()
        for number, cells in enumerate(roster(line(), line())):
            sheet.write_row(number, 0, cells)
        sheet.write_formula(2, 9, "=4+4", None, "")
    answer = send(sign_in(workforce_world.clerk), breakdown(workforce_world), stream.getvalue(), "roster.xlsx")
    ((row, column, message),) = problems(answer)
    assert (row, column) == (3, "training_hours (J)") and "formula without a result" in message


HEADINGS = {
    "hans": [
        "工号", "性别", "出生日期", "入职日期", "离职日期", "用工类型", "雇员类别", "来源地区", "是否受训", "受训时数",
    ],
    "hant": [
        "工號", "性別", "出生日期", "入職日期", "離職日期", "僱傭類型", "僱員類別", "來源地區", "是否受訓", "受訓時數",
    ],
    "en": [
        "Employee  Number", "SEX", "Date of birth", "Hire-Date", "leaving date", "Employment type",
        "Employee category", "Region of origin", "Trained", "ｈｏｕｒｓ",
    ],
}  # fmt: skip
NAMES = {"hans": "姓名", "hant": "姓名", "en": "Name"}


def in_words(headings: Sequence[str]) -> list[list[Any]]:
    return [
        list(headings),
        ["001", "女", "1985/3/5", "2015年6月1日", "", "正式工", "一线", "疆内", "是", "8", "王小明"],
        ["002", " M ", "1985-03-05", "2015-06-01", "2020-06-30", "非全日制", "中层", "ＨＫ", "否", "0", "李四"],
        ["003", "男性", "1985-03-05", "2020-06-01", "", "Full Time", "高級管理層", "其他", "√", "1.5", "张三"],
    ]


@pytest.mark.parametrize(
    ("language", "kind"),
    [("hans", "gb18030"), ("hans", "xlsx"), ("hant", "gb18030"), ("hant", "xlsx"), ("en", "utf-8-sig"), ("en", "xlsx")],
)
def test_words_of_every_language_in_every_kind_of_file(
    workforce_world: World, sign_in: SignIn, language: str, kind: str
) -> None:
    """The column of names may stay; it is said that it is not read."""
    submission, client = breakdown(workforce_world), sign_in(workforce_world.clerk)
    lines = in_words([*HEADINGS[language], NAMES[language]])
    content, name = (xlsx_bytes(lines), "花名册.xlsx") if kind == "xlsx" else (csv_bytes(lines, kind), "花名册.csv")
    answer = send(client, submission, content, name)
    assert answer.status_code == 302, answer.context["problems"]
    preview = client.get(answer["Location"])
    found = totals(preview)
    for row, total in {
        "year_end/women": "1", "year_end/men": "1", "year_start/men": "1", "leavers/men": "1", "hired/men": "1",
        "year_end/full_time": "2", "leavers/part_time": "1", "year_end/general": "1", "leavers/middle": "1",
        "year_end/senior": "1", "leavers/hong_kong": "1", "year_end/elsewhere": "1", "trained/men": "1",
        "training_hours/men": "1.5",
    }.items():  # fmt: skip
        assert found[f"headcount:{row}"] == total, row
    assert f"Columns not read: {NAMES[language]} (K)." in text_of(preview)
    assert not any(person in text_of(preview) for person in ("王小明", "李四", "张三"))


def test_yes_and_no(workforce_world: World, sign_in: SignIn) -> None:
    yes, no = ("是", "Y", "YES", "1", "TRUE", "√", "ｙｅｓ", "true"), ("否", "n", "No", "0", "false", "×", "FALSE")
    preview = derived(
        sign_in(workforce_world.clerk),
        breakdown(workforce_world),
        *(line(trained=word) for word in yes),
        *(line(trained=word, gender="men") for word in no),
    )
    assert totals(preview)["headcount:trained/women"] == str(len(yes))
    assert "headcount:trained/men" not in totals(preview)
    assert totals(preview)["headcount:year_end/men"] == str(len(no))


def test_days_as_people_and_programs_write_them(workforce_world: World, sign_in: SignIn) -> None:
    """Each of them is the last day of 2020, so that a day read wrongly is in another year or none."""
    days = (
        "2020-12-31", "2020/12/31", "2020年12月31日", "2020.12.31", "２０２０－１２－３１", "2020-12-31 00:00:00",
        "2020-12-31T00:00:00.000", "2020/12/31 0:00", "20201231", " 2020 - 12 - 31 ",
    )  # fmt: skip
    preview = derived(
        sign_in(workforce_world.clerk),
        breakdown(workforce_world),
        *(line(hire_date=day) for day in days),
        *(line(hire_date="2020-03-05", leaving_date=day, gender="men") for day in days),
    )
    found = totals(preview)
    assert (found["headcount:hired/women"], found["headcount:leavers/men"]) == (str(len(days)), str(len(days)))
    assert found["headcount:year_end/women"] == str(len(days)) and "headcount:year_end/men" not in found


def test_days_and_numbers_of_a_workbook(workforce_world: World, sign_in: SignIn) -> None:
    submission, client = breakdown(workforce_world), sign_in(workforce_world.clerk)
    person = line(
        employee_number=17,
        birth_date=dt.date(1985, 3, 5),
        hire_date=dt.datetime(2020, 3, 5, 8, 30),
        trained=True,
        training_hours=7.5,
    )
    content = xlsx_bytes([["read me"]], sheet="Help", Roster=roster(person))
    assert "These columns are missing" in text_of(send(client, submission, content, "roster.xlsx"))
    assert "There are: Help, Roster" in text_of(send(client, submission, content, "roster.xlsx", sheet="Nothing"))
    preview = client.get(send(client, submission, content, "roster.xlsx", sheet="Roster")["Location"])
    assert totals(preview)["headcount:training_hours/women"] == "7.5"
    assert totals(preview)["headcount:hired/women"] == "1"
    assert "Sheet Roster" in text_of(preview).replace("</dt> <dd> ", " ")


def test_headings_mean_one_column_each() -> None:
    keys = [
        key_of(name)
        for column in COLUMNS
        for name in {key_of(word) for word in (column.code, column.en, column.zh_hans, column.zh_hant, *column.also)}
    ]
    assert len(keys) == len(set(keys))


# Twenty thousand lines ----------------------------------------------------------------------------------------------

PLANTED: tuple[tuple[str, str, str], ...] = (
    ("gender", "?", "none of those in use"),
    ("birth_date", "1985-02-30", "This is no day"),
    ("birth_date", "2016-01-01", "The birth date lies after the hire date"),
    ("birth_date", "2000-01-01", "child labour"),
    ("hire_date", "", "This cell is blank"),
    ("leaving_date", "2001-01-01", "The leaving date lies before the hire date"),
    ("employment_type", "?", "none of those in use"),
    ("category", "?", "none of those in use"),
    ("origin", "?", "none of those in use"),
    ("trained", "?", "Write yes or no"),
    ("training_hours", "?", "This is no number of hours"),
    ("employee_number", "N00000", "The same employee number stands in row 2 already"),
)


def long_roster(planted: dict[int, tuple[str, str, str]]) -> list[list[Any]]:
    """20,000 lines, in each of which the birth date differs from that of the line before."""
    lines = []
    for number in range(20_000):
        cells = line(
            employee_number=f"N{number:05}",
            gender=("女", "男")[number % 2],
            birth_date=(dt.date(1970, 1, 1) + dt.timedelta(days=number % 9000)).isoformat(),
            leaving_date="2020-06-30" if number % 10 == 9 else "",
        )
        if number + 2 in planted:
            column, wrong, _words = planted[number + 2]
            cells |= {"hire_date": "2015-06-01", column: wrong}
        lines.append(cells)
    return roster(*lines)


def test_every_error_in_twenty_thousand_lines_is_found(workforce_world: World, sign_in: SignIn) -> None:
    planted = {1 + 137 * (index + 1): PLANTED[index % len(PLANTED)] for index in range(144)}
    answer = send(sign_in(workforce_world.clerk), breakdown(workforce_world), csv_bytes(long_roster(planted)))
    found = {(row, column): message for row, column, message in problems(answer)}
    assert set(found) == {(row, f"{column} ({PLACES[column]})") for row, (column, _wrong, _words) in planted.items()}
    for row, (column, _wrong, words) in planted.items():
        assert words in found[row, f"{column} ({PLACES[column]})"]


def test_twenty_thousand_lines_are_read_with_no_question_for_any_of_them(
    workforce_world: World, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    submission, client = breakdown(workforce_world), sign_in(workforce_world.clerk)
    content = xlsx_bytes(long_roster({}))
    with django_assert_max_num_queries(20):
        answer = send(client, submission, content, "roster.xlsx")
    preview = client.get(answer["Location"])
    assert totals(preview)["headcount:year_start/full_time"] == "20000"
    assert totals(preview)["headcount:year_end/women"] == "10000"
    assert totals(preview)["headcount:leavers/men"] == "2000"
    assert totals(preview)["headcount:training_hours/local"] == "160000"
