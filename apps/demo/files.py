"""Small evidence files, the same bytes each time: one page of text as PDF, and the picture of a meter as PNG."""

import struct
import zlib
from typing import Final

_SIGN: Final = "Illustrative file of the demonstration"

# Which of the seven bars of a digit are lit: top, upper left, upper right, middle, lower left, lower right, bottom.
_BARS: Final = {
    "0": "1110111",
    "1": "0010010",
    "2": "1011101",
    "3": "1011011",
    "4": "0111010",
    "5": "1101011",
    "6": "1101111",
    "7": "1010010",
    "8": "1111111",
    "9": "1111011",
}
# Left, top, right and bottom of each bar in a digit of 20 × 34 points.
_PLACES: Final = (
    (4, 2, 16, 5),
    (2, 4, 5, 16),
    (15, 4, 18, 16),
    (4, 15, 16, 18),
    (2, 17, 5, 30),
    (15, 17, 18, 30),
    (4, 29, 16, 32),
)
_DIGIT_WIDTH: Final = 20
_HEIGHT: Final = 34
_PAPER: Final = 235
_INK: Final = 30


def page(text: str) -> bytes:
    """A PDF with one line for each part of ``text`` between bars; plain ASCII."""
    lines = [_SIGN, *text.split("|")]
    shown = " ".join(f"({_escaped(line)}) Tj T*" for line in lines)
    content = f"BT /F1 12 Tf 18 TL 56 780 Td {shown} ET".encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    document = b"%PDF-1.4\n"
    places = []
    for number, entry in enumerate(objects, start=1):
        places.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, entry)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return document + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, table, len(objects) + 1, len(document))
    )


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def meter(digits: str) -> bytes:
    """A grey PNG of a meter that shows ``digits``."""
    width = _DIGIT_WIDTH * len(digits)
    points = [bytearray([_PAPER]) * width for _ in range(_HEIGHT)]
    for position, digit in enumerate(digits):
        for lit, (left, top, right, bottom) in zip(_BARS[digit], _PLACES, strict=True):
            if lit == "1":
                start = position * _DIGIT_WIDTH + left
                for line in points[top:bottom]:
                    line[start : start + right - left] = bytes([_INK]) * (right - left)
    # Stored without compression: what a compressor makes of it differs from machine to machine.
    body = zlib.compress(b"".join(b"\0" + bytes(line) for line in points), level=0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, _HEIGHT, 8, 0, 0, 0, 0))
        + _chunk(b"IDAT", body)
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
