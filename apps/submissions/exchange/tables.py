"""What a file holds once it is read, whatever kind of file it was."""

from dataclasses import dataclass, field

from apps.core.spreadsheets import restore


@dataclass(kw_only=True)
class Table:
    """The rows that are not blank, each with the number a spreadsheet program shows; the first holds the headings."""

    rows: list[tuple[int, list[str]]]
    is_workbook: bool = False
    sheet: str = ""
    # Every sheet that holds something, when the file is a workbook.
    sheets: tuple[str, ...] = ()
    encoding: str = ""
    # Cells that cannot be believed, by row number and place: an error value, a formula without a result.
    odd: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: int = 0

    @property
    def headings(self) -> list[str]:
        return self.rows[0][1] if self.rows else []

    @property
    def records(self) -> list[tuple[int, list[str]]]:
        return self.rows[1:]


def plain(text: str) -> str:
    """A text cell without the spaces around it and without the apostrophe our exports put before a formula."""
    text = text.strip()
    return restore(text) if text[:1] == "'" else text
