"""Reads long texts and files of editions a piece at a time, so that memory does not follow their length."""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from django.db import connection

# Bytes that are read at once, and rows of which each is long.
PIECE: Final = 1_048_576
_ROWS: Final = 8


def rows_of(statement: str, pk: int) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement that asks for ``pk``, a few at a time."""
    with connection.chunked_cursor() as cursor:
        raw: Any = cursor.cursor
        raw.itersize = _ROWS
        cursor.execute(statement, [pk])
        yield from cursor


def content_pieces(pk: int) -> Iterator[bytes]:
    """The UTF-8 bytes of the content of an edition."""
    yield from _pieces("reporting_edition", "convert_to(content, 'UTF8')", pk)


def file_pieces(pk: int) -> Iterator[bytes]:
    """The bytes of a file of an edition."""
    yield from _pieces("reporting_editionfile", "content", pk)


def spooled(pieces: Iterator[bytes]) -> IO[bytes]:
    """Those bytes as a file to read, which lies on the disk where it is long."""
    file: Any = SpooledTemporaryFile(max_size=PIECE)  # noqa: SIM115 - whoever sends it closes it
    for piece in pieces:
        file.write(piece)
    file.seek(0)
    return file  # type: ignore[no-any-return]


def _pieces(table: str, content: str, pk: int) -> Iterator[bytes]:
    """The expression is worked out once, and cut in the memory of the database."""
    statement = (
        f"SELECT substr(whole.bytes, place, {PIECE}) "  # noqa: S608 - names of our own
        f"FROM (SELECT {content} AS bytes FROM {table} WHERE id = %s OFFSET 0) whole "
        f"CROSS JOIN LATERAL generate_series(1, octet_length(whole.bytes), {PIECE}) place ORDER BY place"
    )
    for (piece,) in rows_of(statement, pk):
        yield bytes(piece)
