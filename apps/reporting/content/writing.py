"""Writes the document of an edition some sites at a time, so that memory does not follow the number of sites.

What is said of each figure at each site goes into a temporary table as the text it has in the document; everything else
is small and stays here, with a gap for each figure. The database puts the two together. The digest is of what it reads
back, and the trigger of editions computes it anew.
"""

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any, Final

from django.db import connection
from django.utils import translation

from apps.indicators.declarations import Kpi, Worked
from apps.reporting.checklist import asked_figures
from apps.reporting.content.builder import Factors, Imprint, assemble, codes_in, has_history, tables_of, wanted_kpis
from apps.reporting.content.canonical import canonical
from apps.reporting.content.figures import (
    YearFigures,
    calculation_lines,
    figure_content,
    place_figure,
)
from apps.reporting.content.shape import FigureContent
from apps.reporting.models import Statement

# Everything of one gap, with what stands before it; ``body`` without a place is that text.
_OPEN: Final = """
DROP TABLE IF EXISTS pg_temp.edition_piece;
CREATE TEMPORARY TABLE edition_piece (gap integer NOT NULL, place text, body text NOT NULL) ON COMMIT DROP
"""
_PARTS: Final = """
SELECT t.body || coalesce(p.body, '') AS body, t.gap
FROM pg_temp.edition_piece t LEFT JOIN (
    SELECT gap, string_agg(body, ',' ORDER BY place COLLATE "C") AS body
    FROM pg_temp.edition_piece WHERE place IS NOT NULL GROUP BY gap
) p ON p.gap = t.gap
WHERE t.place IS NULL
"""
# The text of the document, as an expression of SQL.
WRITTEN: Final = f"SELECT string_agg(w.body, '' ORDER BY w.gap) FROM ({_PARTS}) w"  # noqa: S608 - constants
_READ_AT_ONCE: Final = 8

_Gap = tuple[str, str]


def write_document(loaded: YearFigures, imprint: Imprint, said: Callable[[int, int], None]) -> str:
    """Writes the document of a year, which ``WRITTEN`` then gives in this transaction; returns its SHA-256.

    ``said`` is told of how many sites how many are written. Raises LookupError where no guide covers the year.
    """
    kpis = wanted_kpis(loaded)
    worked = [kpi for kpi in loaded.figures.kpis if isinstance(kpi, Worked)]
    gaps = {gap: number for number, gap in enumerate(_gaps(kpis, worked))}
    factors = Factors()
    calculated: set[str] = set()
    with connection.cursor() as cursor:
        cursor.execute(_OPEN)
    done = 0
    for part in loaded.by_sites():
        pieces: list[tuple[int, str, str]] = []
        for site in part.sites:
            # In the language of the figures, or each of them would switch to it.
            with translation.override("en"):
                for kpi in kpis:
                    pieces.append(_piece(gaps["figures", kpi.code], site.code, place_figure(part, kpi, site)))
                for place, kpi in enumerate(worked):
                    if lines := calculation_lines(part, kpi, site):
                        factors.take(lines, (place, done))
                        calculated.add(kpi.code)
                        pieces.append(_piece(gaps["calculations", kpi.code], site.code, lines))
            done += 1
            said(done, len(loaded.sites))
        _copy(pieces)
    printed = tables_of(loaded)
    in_tables = codes_in(printed)
    figures = {
        kpi.code: figure_content(loaded, kpi, with_history=has_history(kpi, in_tables), places=[None]) for kpi in kpis
    }
    _copy(
        [
            _piece(gaps["figures", code], place, at)
            for code, figure in figures.items()
            for place, at in figure["places"].items()
        ]
    )
    named: dict[str, FigureContent] = {**figures}
    for code, asked in asked_figures(loaded, list(Statement.objects.filter(year=loaded.year))).items():
        if code in figures:
            named[code] = {**figures[code], "places": {**figures[code]["places"], **asked["places"]}}
    content: Any = assemble(loaded, imprint, printed_tables=printed, figures=named, factors=factors.contents)
    mark = uuid.uuid4().hex
    content["figures"] = {
        code: {**figure, "places": f"{mark}{gaps['figures', code]}{mark}"} for code, figure in figures.items()
    }
    content["calculations"] = {code: f"{mark}{gaps['calculations', code]}{mark}" for code in calculated}
    _copy(_between(canonical(content), mark, len(gaps)))
    return _digest()


def _gaps(kpis: list[Kpi], worked: list[Worked]) -> Iterator[_Gap]:
    """The gaps of the document in the order in which they stand there."""
    yield from (("calculations", code) for code in sorted(kpi.code for kpi in worked))
    yield from (("figures", code) for code in sorted(kpi.code for kpi in kpis))


def _piece(gap: int, place: str, said: object) -> tuple[int, str, str]:
    return gap, place, f"{json.dumps(place, ensure_ascii=False)}:{canonical(said)}"


def _between(text: str, mark: str, end: int) -> Iterator[tuple[int, None, str]]:
    """What stands between the gaps: each text with the number of the gap that follows it, the last one with ``end``."""
    before, *others = text.split(f'"{mark}')
    for other in others:
        gap, after = other.split(f'{mark}"')
        yield int(gap), None, before + "{"
        before = "}" + after
    yield end, None, before


def _copy(pieces: Any) -> None:
    with connection.wrap_database_errors, connection.cursor() as cursor:
        raw: Any = cursor.cursor
        with raw.copy("COPY pg_temp.edition_piece (gap, place, body) FROM STDIN") as copy:
            for piece in pieces:
                copy.write_row(piece)


def _digest() -> str:
    """Of the text as the database gives it, a gap at a time."""
    found = hashlib.sha256()
    with connection.chunked_cursor() as cursor:
        raw: Any = cursor.cursor
        raw.itersize = _READ_AT_ONCE
        cursor.execute(f"SELECT w.body FROM ({_PARTS}) w ORDER BY w.gap")  # noqa: S608 - constants
        for (body,) in cursor:
            found.update(body.encode())
    return found.hexdigest()
