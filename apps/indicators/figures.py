"""A figure: a value or none with its reason, what it rests on, and how far the data are approved."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Final
from urllib.parse import urlencode

from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _

from apps.core import formats
from apps.core.formats import change_percent
from apps.core.units import DECIMAL_PLACES
from apps.indicators.basis import Basis
from apps.indicators.calculations import Calculation
from apps.indicators.declarations import Kpi, Parts
from apps.indicators.published import PublishedFigure
from apps.organisation.choices import Frequency
from apps.organisation.models import Site
from apps.submissions.sections import sections

# A ratio as text: more than anybody prints, and the same digits on every machine.
_TEXT: Final = Context(prec=30, rounding=ROUND_HALF_UP)
# Sums have more digits than Python's usual 28.
_DIFFERENCE: Final = Context(prec=80)


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """Submissions of ``sections`` in a year: approved, handed in (approved ones too), expected."""

    sections: frozenset[str] = frozenset()
    approved: int = 0
    handed_in: int = 0
    expected: int = 0

    def __add__(self, other: "Coverage") -> "Coverage":
        return Coverage(
            sections=self.sections | other.sections,
            approved=self.approved + other.approved,
            handed_in=self.handed_in + other.handed_in,
            expected=self.expected + other.expected,
        )

    def counted(self, basis: Basis) -> int:
        """Submissions whose data count and are complete."""
        return self.approved if basis == Basis.APPROVED else self.handed_in

    def is_as_far_as(self, other: "Coverage", basis: Basis) -> bool:
        """Whether the same share of what is expected counts: totals of some months do not compare with a year's."""
        return self.counted(basis) * other.expected == other.counted(basis) * self.expected

    @property
    def text(self) -> str:
        """How far the data are approved: a month is the form of one site for one month."""
        if not self.expected:
            return _("nothing is expected")
        numbers = {"approved": self.approved, "expected": self.expected}
        if all(sections[code].frequency == Frequency.MONTH for code in self.sections):
            words = ngettext(
                "%(approved)d of %(expected)d month approved",
                "%(approved)d of %(expected)d months approved",
                self.expected,
            )
        else:
            words = ngettext(
                "%(approved)d of %(expected)d form approved",
                "%(approved)d of %(expected)d forms approved",
                self.expected,
            )
        return words % numbers


@dataclass(frozen=True, kw_only=True)
class Figure:
    """``site`` None is all the sites together. ``reason`` says why there is no ``value``.

    ``numerator`` and ``denominator`` are those of a ratio, in their own units; ``rows`` and ``gaps`` are then those
    of the numerator.
    """

    kpi: Kpi
    site: Site | None
    basis: Basis
    value: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    rows: int = 0
    gaps: int = 0
    coverage: Coverage
    reason: str = ""
    # Of a figure that was worked out from others with factors.
    calculation: Calculation | None = None
    # It speaks of so few people that it is printed nowhere; the value is there only for who may read the rows.
    is_withheld: bool = False
    # As it stands in the newest edition of a published year, where it was asked for.
    published: PublishedFigure | None = None

    @property
    def display(self) -> str:
        """As printed: rounded half up, once."""
        return formats.number(self.value, self.kpi.decimals)

    @property
    def gap_text(self) -> str:
        """That a total lacks rows, where it does: they match and carry no value."""
        if self.value is None or not self.gaps:
            return ""
        return gaps_in_words(self.gaps, get_language() or "")

    @property
    def value_text(self) -> str | None:
        """All digits of a sum; thirty of what has no end, such as a ratio."""
        if self.value is None:
            return None
        return formats.plain_text(self.value if self._has_end else _TEXT.plus(self.value))

    @property
    def differs(self) -> bool:
        """Whether it was published with another value. What is withheld in both is never compared."""
        if self.published is None or self.is_withheld and self.published.value is None:
            return False
        return self.value_text != self.published.value

    @property
    def difference(self) -> Decimal | None:
        """Now − published, in the unit of the figure; None where one of them has no value."""
        if self.value is None or self.published is None or self.published.value is None:
            return None
        return _DIFFERENCE.subtract(Decimal(self.value_text or 0), Decimal(self.published.value))

    @property
    def difference_display(self) -> str:
        """With its sign, and with as many more decimals as it takes to see it."""
        return formats.signed(self.difference, self.kpi.decimals)

    @property
    def difference_percent(self) -> Decimal | None:
        """Against the published value."""
        if self.published is None or self.published.value is None:
            return None
        return change_percent(self.value, Decimal(self.published.value))

    @property
    def _has_end(self) -> bool:
        exponent = self.value.as_tuple().exponent if self.value is not None else 0
        return self.kpi.is_exact and isinstance(exponent, int) and exponent >= -DECIMAL_PLACES * 2

    @property
    def query(self) -> str:
        """The part of its page's address behind the question mark."""
        return query_of(self.site, self.basis)


def reason_without_value(parts: Parts, coverage: Coverage, basis: Basis) -> str:
    """Why a figure made of ``parts`` has no value, in the active language."""
    if parts.gaps:
        reason = gettext_noop("no value was given")
    elif parts.not_applicable:
        reason = gettext_noop("not applicable")
    elif not coverage.expected:
        reason = gettext_noop("not expected here")
    elif basis == Basis.APPROVED and not coverage.approved:
        reason = gettext_noop("nothing approved yet")
    else:
        reason = gettext_noop("not recorded")
    return _in_words(reason, get_language() or "")


@lru_cache(maxsize=32)
def _in_words(reason: str, _language: str) -> str:
    """In the active language, like the number of gaps."""
    return _(reason)


@lru_cache(maxsize=1024)
def gaps_in_words(gaps: int, _language: str) -> str:
    """In the active language. A page of hundreds of figures says a few of them again and again."""
    return ngettext("without %(rows)d row that has no value", "without %(rows)d rows that have no value", gaps) % {
        "rows": gaps
    }


def query_of(site: Site | None, basis: Basis) -> str:
    """How addresses name a place and a basis; the group and approved data go without saying."""
    return _query(site.code if site else "", basis)


@lru_cache(maxsize=4096)
def _query(site: str, basis: Basis) -> str:
    parts = {"site": site, "basis": basis.value if basis != Basis.APPROVED else ""}
    return urlencode({name: value for name, value in parts.items() if value})


def text_of(value: Decimal | None) -> str | None:
    return None if value is None else formats.plain_text(value)
