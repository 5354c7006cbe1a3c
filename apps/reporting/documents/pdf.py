"""The report as PDF/UA, set by typst in type that the portal carries: the same bytes on every machine."""

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import typst

from apps.reporting.documents.blocks import Block, Report
from apps.reporting.documents.charts import Svg
from apps.reporting.documents.faces import faces, printable

_TEMPLATES: Final = Path(__file__).resolve().parent / "templates"
# Of the drawing: twice the size on paper at 300 dots an inch.
_DOTS_PER_INCH: Final = 200


def pdf(report: Report) -> bytes:
    """Tagged for people who listen. Everything goes in as data, so that no text of a user is ever markup."""
    data = json.dumps(
        _printable(
            {
                "language": report.language,
                "dated": report.dated,
                "cover": asdict(report.cover),
                "contents_title": report.contents_title,
                "blocks": [_data(block) for block in report.blocks],
            }
        ),
        ensure_ascii=False,
        sort_keys=True,
    )
    made = typst.compile(
        str(_TEMPLATES / "report.typ"),
        root=str(_TEMPLATES),
        format="pdf",
        font_paths=faces(),
        sys_inputs={"report": data},
        pdf_standards=["ua-1"],
        timestamp=int(dt.datetime.fromisoformat(f"{report.dated}T00:00:00+00:00").timestamp()),
    )
    return bytes(made)


def png(chart: Svg) -> bytes:
    """A chart as a picture for programs that draw no SVG."""
    made = typst.compile(
        str(_TEMPLATES / "chart.typ"),
        root=str(_TEMPLATES),
        format="png",
        font_paths=faces(),
        sys_inputs={"chart": printable(chart.markup)},
        ppi=_DOTS_PER_INCH,
    )
    return bytes(made)


def _data(block: Block) -> dict[str, Any]:
    return {"kind": type(block).__name__.lower(), **asdict(block)}


def _printable(data: Any) -> Any:
    """All texts within, as they can be shown."""
    if isinstance(data, str):
        return printable(data)
    if isinstance(data, dict):
        return {name: _printable(value) for name, value in data.items()}
    return [_printable(value) for value in data] if isinstance(data, list | tuple) else data
