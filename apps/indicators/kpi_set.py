"""The KPIs there are at this moment: those declared one by one, and those of every catalogue row."""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count
from threading import Lock
from typing import Any, Final, TypeVar

from django.utils.translation import get_language

from apps.core.names import CatalogueRow
from apps.indicators import catalogues
from apps.indicators.declarations import Family, Kpi, RecordKpi, Total, Worked, declared

Followed = TypeVar("Followed")

# Three languages, each of the primary and of the replica, and as many from just before a catalogue changed.
_SETS_KEPT: Final = 12


@dataclass(frozen=True, kw_only=True)
class Member:
    """The KPIs of one catalogue row."""

    item: CatalogueRow
    part_of: int | None
    kpis: tuple[Kpi, ...]

    @property
    def total(self) -> str:
        return self.kpis[0].code

    @property
    def density(self) -> str:
        return self.kpis[1].code if len(self.kpis) > 1 else ""


class KpiSet:
    """KPIs by code, in the order in which they were declared. Titles are in the language it was made in."""

    def __init__(
        self, kpis: Iterable[Kpi], members: Mapping[str, Sequence[Member]], sizes: Sequence[RecordKpi] | None = None
    ) -> None:
        self._by_code: dict[str, Kpi] = {}
        self._sections: dict[str, frozenset[str]] = {}
        for kpi in kpis:
            if kpi.code in self._by_code:
                raise ValueError(f"KPI {kpi.code!r} is declared twice")
            self._by_code[kpi.code] = kpi
        self._members = members
        # Of this set and no other in the process, also when it is gone.
        self.number = next(_numbers)
        if sizes is None:
            sizes = [kpi for kpi in self if isinstance(kpi, RecordKpi) and kpi.counts_people]
        # Those that count people, however few figures a set was cut down to.
        self.sizes = sizes
        self._within: dict[frozenset[str], KpiSet] = {}
        self._printed: dict[frozenset[str] | None, tuple[str, ...]] = {}
        self._followed: dict[Callable[[KpiSet], Any], Any] = {}

    def __getitem__(self, code: str) -> Kpi:
        return self._by_code[code]

    def __contains__(self, code: str) -> bool:
        return code in self._by_code

    def __iter__(self) -> Iterator[Kpi]:
        return iter(self._by_code.values())

    def members(self, family: str) -> Sequence[Member]:
        return self._members[family]

    def member(self, family: str, item: int | None) -> Member:
        """The one of a catalogue row."""
        return self._by_item[family][item]

    def parts_of(self, family: str, item: int) -> Sequence[Member]:
        """Those of the catalogue rows that are reported under ``item``."""
        return self._by_part.get((family, item), ())

    @cached_property
    def _by_item(self) -> dict[str, dict[int | None, Member]]:
        return {family: {member.item.pk: member for member in each} for family, each in self._members.items()}

    @cached_property
    def _by_part(self) -> dict[tuple[str, int], list[Member]]:
        found: dict[tuple[str, int], list[Member]] = defaultdict(list)
        for family, members in self._members.items():
            for member in members:
                if member.part_of is not None:
                    found[family, member.part_of].append(member)
        return found

    @cached_property
    def of_catalogues(self) -> frozenset[str]:
        """The codes of figures of single catalogue rows: not those of a whole."""
        return frozenset(kpi.code for family in self._members.values() for member in family for kpi in member.kpis)

    def only(self, code: str) -> "KpiSet":
        """One KPI with the parts it is made of: what a page about a single figure has to ask for."""
        return self.of([code])

    def within(self, sections: frozenset[str]) -> "KpiSet":
        """Only the figures that show nothing but data of ``sections``."""
        if sections not in self._within:
            self._within[sections] = KpiSet([kpi for kpi in self if self.sections(kpi) <= sections], self._members)
        return self._within[sections]

    def printed(self, sections: frozenset[str] | None = None) -> tuple[str, ...]:
        """The codes of what has a line in files; only of figures that show nothing but data of ``sections``."""
        if sections not in self._printed:
            self._printed[sections] = tuple(
                kpi.code for kpi in self if not kpi.is_part and (sections is None or self.sections(kpi) <= sections)
            )
        return self._printed[sections]

    def of(self, codes: Iterable[str]) -> "KpiSet":
        """Some KPIs with the parts they are made of."""
        needed = dict.fromkeys(kpi for code in codes for kpi in self._needed(code))
        return KpiSet(needed, self._members, self.sizes)

    def once(self, follows: "Callable[[KpiSet], Followed]") -> "Followed":
        """What follows from the set alone, worked out at the first time: a set never changes.

        Two that ask at once may both work it out. ``follows`` is a function of a module, never one made on the way.
        """
        if follows not in self._followed:
            self._followed[follows] = follows(self)
        found: Followed = self._followed[follows]
        return found

    def _needed(self, code: str) -> list[Kpi]:
        kpi = self[code]
        return list(dict.fromkeys([*(part for name in kpi.needs for part in self._needed(name)), kpi]))

    def sections(self, kpi: Kpi) -> frozenset[str]:
        """The sections whose data a figure shows: a ratio's are those of both its parts."""
        found = self._sections.get(kpi.code)
        if found is None:
            found = frozenset({kpi.section})
            if kpi.needs:
                found = frozenset().union(*(self.sections(self[code]) for code in kpi.needs))
            self._sections[kpi.code] = found
        return found


_numbers: Final = count()
_kept: OrderedDict[tuple[str, str, str], KpiSet] = OrderedDict()
_kept_lock: Final = Lock()


def current_kpis() -> KpiSet:
    """As the catalogues are at this moment, in the active language.

    One query asks the database for a digest of them; they are read, with a query each, where that is not known here.
    """
    families = [entry for entry in declared if isinstance(entry, Family)]
    wanted = tuple(dict.fromkeys(entry.rows for entry in families))
    alias = catalogues.database_of(wanted[:1])
    language = get_language() or ""
    before = catalogues.digest(wanted, alias)
    with _kept_lock:
        known = _kept.get((alias, language, before))
        if known is not None:
            _kept.move_to_end((alias, language, before))
            return known
    read = catalogues.read(wanted)
    kpis = _assemble({entry.code: read[entry.rows] for entry in families})
    # What changed while it was read may be half of the one and half of the other, and is not kept.
    if catalogues.digest(wanted, alias) == before:
        with _kept_lock:
            _kept[alias, language, before] = kpis
            while len(_kept) > _SETS_KEPT:
                _kept.popitem(last=False)
    return kpis


def sample_kpis() -> KpiSet:
    """With an unsaved sample row for each catalogue: what the checks at start-up look at."""
    return _assemble({entry.code: (entry.sample(),) for entry in declared if isinstance(entry, Family)})


def _assemble(catalogues: Mapping[str, Sequence[CatalogueRow]]) -> KpiSet:
    kpis: list[Kpi] = []
    members: dict[str, list[Member]] = {}
    for entry in declared:
        if isinstance(entry, Family):
            members[entry.code] = list(_members(entry, catalogues[entry.code]))
            kpis.extend(_with_inputs(kpi, members) for member in members[entry.code] for kpi in member.kpis)
        elif entry.decimals_of:
            precise = [_decimals(row) for row in catalogues[entry.decimals_of]]
            kpis.append(replace(entry, decimals=max(precise, default=entry.decimals)))
        elif entry.people_among:
            family, takes = entry.people_among
            people = tuple(member.total for member in members[family] if takes(member.item))
            kpis.append(replace(entry, people=people))
        elif isinstance(entry, Total) and entry.parts_among:
            kpis.append(replace(entry, parts=(*entry.parts, *_found(entry.parts_among, members))))
        else:
            kpis.append(_with_inputs(entry, members))
    return KpiSet(kpis, members)


def _found(
    among: tuple[tuple[str, Callable[[Any], bool]], ...], members: Mapping[str, Sequence[Member]]
) -> tuple[str, ...]:
    """The totals of the catalogue rows that the test of their family lets through."""
    return tuple(member.total for family, takes in among for member in members[family] if takes(member.item))


def _with_inputs(kpi: Kpi, members: Mapping[str, Sequence[Member]]) -> Kpi:
    if not isinstance(kpi, Worked) or not (kpi.inputs_among or kpi.beside_among):
        return kpi
    return replace(
        kpi,
        inputs=(*kpi.inputs, *_found(kpi.inputs_among, members)),
        beside=(*kpi.beside, *_found(kpi.beside_among, members)),
    )


def _decimals(row: CatalogueRow) -> int:
    return int(getattr(row, "decimals"))  # noqa: B009 - every quantity item has it, a catalogue row as such has not


def _members(family: Family, rows: Sequence[CatalogueRow]) -> Iterator[Member]:
    codes = figure_codes(family, rows)
    for row in rows:
        kpis = family.declare(row, codes[row.pk])
        if not kpis:  # a catalogue that several families speak of: this one has nothing to say of the row
            continue
        above = getattr(row, family.part_of) if family.part_of else None
        yield Member(item=row, part_of=above, kpis=kpis)


def figure_codes(family: Family, rows: Sequence[CatalogueRow]) -> dict[int, str]:
    """The code of the figure of each row, by the row's number.

    It ends in the row's own code in capitals. Where that would be ambiguous (it ends like a density's, is the code
    of another figure, or differs from an older row's by capitals only) the number follows after a sign that no code
    can hold. Rows are never deleted, so the older one stays the older one.
    """
    codes: dict[int, str] = {}
    taken = {entry.code for entry in declared}
    for row in sorted(rows, key=lambda row: row.pk):
        code = family.prefix + row.code.upper()
        if code.endswith("-D") or code in taken:
            code = f"{code}~{row.pk}"
        taken.add(code)
        codes[row.pk] = code
    return codes
