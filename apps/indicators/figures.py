"""A figure: a value or none with its reason, what it rests on, and how far the data are approved."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core import formats
from apps.indicators.basis import Basis
from apps.indicators.declarations import Kpi
from apps.organisation.choices import Frequency
from apps.organisation.models import Site
from apps.submissions.sections import sections

# A ratio as text: more than anybody prints, and the same digits on every machine.
_TEXT: Final = Context(prec=30, rounding=ROUND_HALF_UP)


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
    # It speaks of so few people that it is printed nowhere; the value is there only for who may read the rows.
    is_withheld: bool = False

    @property
    def display(self) -> str:
        """As printed: rounded half up, once."""
        return formats.number(self.value, self.kpi.decimals)

    @property
    def gap_text(self) -> str:
        """That a total lacks rows, where it does: they match and carry no value."""
        if self.value is None or not self.gaps:
            return ""
        return ngettext(
            "without %(rows)d row that has no value", "without %(rows)d rows that have no value", self.gaps
        ) % {"rows": self.gaps}

    @property
    def value_text(self) -> str | None:
        """All digits of a sum; thirty of a ratio, which has no end."""
        if self.value is None:
            return None
        return formats.plain_text(_TEXT.plus(self.value) if self.kpi.is_quotient else self.value)

    @property
    def query(self) -> str:
        """The part of its page's address behind the question mark."""
        return query_of(self.site, self.basis)


def query_of(site: Site | None, basis: Basis) -> str:
    """How addresses name a place and a basis; the group and approved data go without saying."""
    parts = {"site": site.code if site else "", "basis": basis.value if basis != Basis.APPROVED else ""}
    return urlencode({name: value for name, value in parts.items() if value})


def text_of(value: Decimal | None) -> str | None:
    return None if value is None else formats.plain_text(value)
