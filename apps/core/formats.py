"""How a number is read and how it is written. Rounding happens here, once, half up, at display."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from typing import Final

from django.utils.translation import gettext as _

from apps.core.units import DECIMAL_PLACES, MAX_DIGITS

_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?|[+-]?\.\d+")
_GROUPED = re.compile(r"[+-]?\d{1,3}([, '’]\d{3})+(\.\d+)?")
_SEPARATORS = str.maketrans("", "", ", '’")
_OTHER_DIGITS = ("<super>", "<sub>", "<circle>")

NO_VALUE = "–"


class NumberError(ValueError):
    """What somebody typed is no number we can take; the text says what to do."""


def parse_number(text: str) -> Decimal:
    """The decimal somebody typed: full-width digits and separators of thousands are welcome.

    Raises NumberError with a sentence for the person who typed it.
    """
    if text.isascii() and _PLAIN.fullmatch(text):
        return _within_digits(text, text)
    # "10⁴" is no 104: a raised or encircled digit means something else.
    readable = text.isascii() or not any(unicodedata.decomposition(sign).startswith(_OTHER_DIGITS) for sign in text)
    cleaned = unicodedata.normalize("NFKC", text).strip().replace("−", "-").replace("、", ",")
    if readable and _PLAIN.fullmatch(cleaned):
        plain = cleaned
    elif readable and _GROUPED.fullmatch(cleaned):
        plain = cleaned.translate(_SEPARATORS)
    else:
        raise NumberError(
            _("“%(text)s” is not a number. Write digits only, such as 55,320.5, and choose the unit beside it.")
            % {"text": text[:40]}
        )
    return _within_digits(plain, text)


def _within_digits(plain: str, text: str) -> Decimal:
    """The number in ``plain``, which somebody typed as ``text``, unless it has more digits than are kept."""
    value = Decimal(plain)
    if len(plain) <= DECIMAL_PLACES:
        return value
    fraction = plain.partition(".")[2].rstrip("0")
    if len(fraction) > DECIMAL_PLACES or value.adjusted() >= MAX_DIGITS - DECIMAL_PLACES - 4:
        raise NumberError(
            _("“%(text)s” has too many digits: at most %(before)d before and %(after)d after the point.")
            % {"text": text[:40], "before": MAX_DIGITS - DECIMAL_PLACES - 4, "after": DECIMAL_PLACES}
        )
    return value


def plain_text(value: Decimal) -> str:
    """All digits of ``value`` and no more: no exponent, no trailing zeros, a point for the decimals."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


# Room for every digit there may be; entering a context anew for each number takes longer than the rounding.
_WIDE: Final = Context(prec=60, rounding=ROUND_HALF_UP)


@cache
def _step(decimals: int) -> Decimal:
    return Decimal(1).scaleb(-decimals)


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    return _WIDE.add(_WIDE.quantize(value, _step(decimals)), 0)  # no "-0.0"


def number(value: Decimal | None, decimals: int) -> str:
    """As printed: rounded half up to ``decimals``, thousands grouped; a dash for no value."""
    if value is None:
        return NO_VALUE
    return f"{round_half_up(value, decimals):,f}"


def typed(value: Decimal | None) -> str:
    """All digits, thousands grouped: for quantities beside the cell, where nothing may be rounded away."""
    if value is None:
        return NO_VALUE
    whole, point, fraction = plain_text(value).partition(".")
    return f"{int(whole):,}" + point + fraction if whole not in ("-0",) else f"-0{point}{fraction}"


def yes_or_no(value: bool) -> str:
    return _("Yes") if value else _("No")


def percent(value: Decimal | None) -> str:
    """A change in percent with its sign and one decimal; two digits of one that would print as nothing."""
    if value is None:
        return NO_VALUE
    decimals = 1 if not value or round_half_up(value, 1) else 1 - value.adjusted()
    return f"{round_half_up(value, decimals):+,f} %"


def signed(value: Decimal | None, decimals: int) -> str:
    """A difference with its sign. One too small to show in ``decimals`` is written with all its digits."""
    if value is None:
        return NO_VALUE
    rounded = round_half_up(value, decimals)
    if value and not rounded:
        return f"{'+' if value > 0 else '-'}{typed(abs(value))}"
    return f"{rounded:+,f}" if rounded else "0"


def change_percent(this: Decimal | None, last: Decimal | None) -> Decimal | None:
    """(this − last) / last × 100 from unrounded values; None when it cannot be computed."""
    if this is None or last is None or last == 0:
        return None
    return (this - last) / last * 100
