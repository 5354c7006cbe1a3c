"""Which figures are withheld because they speak of few people, and which more so that those cannot be worked out.

A group of persons at a place is small when it has some and fewer than the group's setting says (five unless changed).
It is withheld, and with it every figure about it. A small group could still be had by subtraction where it is the
only one withheld among figures that add up to a printed one: the groups of one dimension at a place, or the sites of
one group. Then the next smallest is withheld too, until nothing stands alone (the usual complementary suppression of
official statistics; see Eurostat's handbook on statistical disclosure control, chapter 4).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.indicators.declarations import Kpi, Parts, RecordKpi
from apps.organisation.models import Group, Site

# A figure at a site, or at None for all of them together.
_Cell = tuple[str, int | None]


@dataclass(frozen=True, kw_only=True)
class Small:
    """The withheld cells among the figures that count people. ``revealed``: shown all the same, and marked."""

    cells: frozenset[_Cell]
    revealed: bool

    @classmethod
    def none(cls) -> "Small":
        return cls(cells=frozenset(), revealed=False)

    def withholds(self, kpi: Kpi, site: Site | None) -> bool:
        place = site.pk if site else None
        return any((code, place) in self.cells for code in kpi.people)


def find_small(sizes: Sequence[RecordKpi], parts: Mapping[str, Mapping[int, Parts]], *, revealed: bool) -> Small:
    """``parts`` are those of ``sizes`` at every site."""
    limit = Group.current().small_group_below
    values: dict[_Cell, Decimal] = {}
    for kpi in sizes:
        by_site = parts.get(kpi.code, {})
        for site_id, part in by_site.items():
            values[kpi.code, site_id] = part.total or Decimal(0)
        values[kpi.code, None] = Parts.sum(by_site.values()).total or Decimal(0)
    # A group in which there is nobody tells of nobody.
    people = {cell: value for cell, value in values.items() if value > 0}
    withheld = {cell for cell, value in people.items() if value < limit}
    sums = [sorted(cells, key=lambda cell: (cell[1] is None, people[cell], cell[0])) for cells in _sums(sizes, people)]
    before = -1
    while before != len(withheld):
        before = len(withheld)
        for cells in sums:
            if sum(cell in withheld for cell in cells) == 1:
                withheld.update([cell for cell in cells if cell not in withheld][:1])
    return Small(cells=frozenset(withheld), revealed=revealed)


def _sums(sizes: Sequence[RecordKpi], people: Iterable[_Cell]) -> Iterator[list[_Cell]]:
    """Sets of cells of which one follows from the others and from what is printed."""
    among = {kpi.code: kpi.among for kpi in sizes}
    of_set: dict[tuple[str, int | None], list[_Cell]] = defaultdict(list)
    of_group: dict[str, list[_Cell]] = defaultdict(list)
    for code, place in people:
        if among[code]:
            of_set[among[code], place].append((code, place))
        of_group[code].append((code, place))
    yield from of_set.values()
    yield from of_group.values()
