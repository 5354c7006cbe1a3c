"""What worked-out figures read of a year beside the records: of several years with as many questions as of one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apps.organisation.models import ReportingYear

Prepare = Callable[[ReportingYear], Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class Preparation:
    """``of_years`` reads what some years need, by the number of the year. Asked for one year it gives that of it."""

    of_years: Callable[[Sequence[ReportingYear]], Mapping[int, Any]]

    def __call__(self, year: ReportingYear) -> Any:
        return self.of_years([year])[year.pk]


@dataclass(frozen=True, kw_only=True)
class PreparedYears:
    """What was read of ``years`` that are looked at together."""

    years: Sequence[ReportingYear]
    _read: dict[Preparation, Mapping[int, Any]] = field(default_factory=dict)

    def of(self, prepare: Prepare, year: ReportingYear) -> Any:
        if not isinstance(prepare, Preparation) or year not in self.years:
            return prepare(year)
        if prepare not in self._read:
            self._read[prepare] = prepare.of_years(self.years)
        return self._read[prepare][year.pk]
