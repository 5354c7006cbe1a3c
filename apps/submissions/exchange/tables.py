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
    width: int = 0

    def __post_init__(self) -> None:
        """Every row is as wide as the widest."""
        self.width = max((len(texts) for _number, texts in self.rows), default=0)
        for _number, texts in self.rows:
            if len(texts) < self.width:
                texts.extend([""] * (self.width - len(texts)))

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
