"""A report of a few lines with every kind of block: what a template is tried with before it is kept."""

from decimal import Decimal

from apps.reporting.documents.appendices import APPENDICES
from apps.reporting.documents.blocks import Block, Cell, Column, Cover, Heading, Picture, Report, Row, Table, Text
from apps.reporting.documents.charts import Point, trend


def example() -> Report:
    """In no language in particular."""
    blocks: tuple[Block, ...] = (
        Heading(level=1, text="A", anchor="part-A"),
        Heading(level=2, text="A1", anchor="aspect-A1"),
        Heading(level=3, text="A1.1", anchor="provision-A1.1"),
        Text(text="Text 文字"),
        Text(text="Text", style="item", mark="1."),
        Text(text="Text", style="note"),
        Text(text="Text", style="label"),
        Table(
            title="Table",
            columns=(Column(title="Item", width=2), Column(title="2020", width=1, is_number=True)),
            rows=(Row(cells=(Cell(text="Item", anchor="aspect-A1"), Cell(text="1.0")), style="sum"),),
        ),
        Picture(chart=trend("Chart", "t", [Point(label="2020", value=Decimal(1), display="1")])),
    )
    return Report(
        language="en",
        dated="2020-12-31",
        cover=Cover(
            title="Title",
            group="Group",
            stock_code="0000",
            year="2020",
            period="2020",
            guide="Guide",
            edition="Edition",
            notice="Notice",
            draft="Draft",
        ),
        contents_title="Contents",
        parts=(("chapters", blocks), *((name, ()) for name in APPENDICES)),
    )
