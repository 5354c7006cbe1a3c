"""Reads what the files tell of each submission, a chapter for each."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from apps.demo.data import rows
from apps.demo.organisation import section_with
from apps.submissions.choices import State
from apps.submissions.entry import Cell
from apps.submissions.findings import row_id

# A line for each cell, with its unit, how it is known, a note and stocks.
_CELLS: Final = ("quantities_2020.csv", "quantities_2021.csv")
_STOCKS: Final = ("opening_stock", "taken_away", "closing_stock")
# Many cells in a line, all in their usual unit: a column for each row of the grid or, where there is a column
# ``group``, for each measure of that group.
_GRIDS: Final = {
    "labour": "labour.csv",
    "headcount": "headcount.csv",
    "standard": "labour_standards.csv",
    "sales": "sales.csv",
    "product_statement": "product_statements.csv",
    "local_hiring": "local_hiring.csv",
}
# A line for each entry, with the fields of its form; catalogue rows and cases are named by their code or number.
_REGISTERS: Final = {
    "stack_test": "stack_tests.csv",
    "measure": "measures.csv",
    "injury": "injuries.csv",
    "injury_follow_up": "follow_ups.csv",
    "disease": "diseases.csv",
    "course": "courses.csv",
    "safety_measure": "safety_measures.csv",
    "supplier": "supplier_spend.csv",
    "supply_practice": "supply_practices.csv",
    "complaint": "complaints.csv",
    "complaint_closing": "complaint_closings.csv",
    "product_practice": "product_practices.csv",
    "contribution": "contributions.csv",
    "hiring_arrangement": "hiring_arrangements.csv",
    "declarations_signed": "signed_on_paper.csv",
    "report_channel": "report_channels.csv",
    "integrity_training": "integrity_training.csv",
}


@dataclass(kw_only=True)
class Chapter:
    """All that the files say of one submission."""

    cells: dict[str, Cell] = field(default_factory=dict)
    registers: dict[str, list[dict[str, str]]] = field(default_factory=lambda: defaultdict(list))
    explanations: dict[tuple[str, str], str] = field(default_factory=dict)
    evidence: list[dict[str, str]] = field(default_factory=list)
    until: str = State.DRAFT
    comment: str = ""
    questions: list[tuple[str, str]] = field(default_factory=list)


Story = dict[tuple[str, str, str], Chapter]


def read_story() -> Story:
    """Chapters by site, period and section."""
    story: Story = defaultdict(Chapter)

    def chapter(values: dict[str, str], table: str) -> Chapter:
        return story[values.pop("site"), values.pop("period"), section_with(table).code]

    for name in _CELLS:
        for values in rows(name):
            stocks = {stock: text for stock in _STOCKS if (text := values.pop(stock))}
            cells = chapter(values, _table_of(values["row"])).cells
            row = values.pop("row")
            cells[row] = Cell(**values, extras=stocks)
    for table, name in _GRIDS.items():
        for values in rows(name):
            cells = chapter(values, table).cells
            group = values.pop("group", "")
            for code, text in values.items():
                if text:
                    cells[row_id(table, f"{code}/{group}" if group else code)] = Cell(value=text)
    for table, name in _REGISTERS.items():
        for values in rows(name):
            chapter(values, table).registers[table].append(values)
    for values in rows("empty_forms.csv"):
        # Nothing happened: its registers are stated to be empty.
        story[values["site"], values["period"], values["section"]] = Chapter()
    for values in rows("explanations.csv"):
        told = chapter(values, _table_of(values["row"])).explanations
        told[values["finding"], values["row"]] = values["text"]
    for values in rows("evidence.csv"):
        chapter(values, _table_of(values["row"]) or "production").evidence.append(values)
    for values in rows("decisions_2021.csv"):
        decided = story[values["site"], values["period"], values["section"]]
        decided.until = values["until"]
        decided.comment = decided.comment or values["comment"]
        if values["question"]:
            decided.questions.append((values["row"], values["question"]))
    return story


def _table_of(row: str) -> str:
    return row.partition(":")[0]
