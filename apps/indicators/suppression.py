"""Which figures are withheld because they speak of few people, and which more so that those cannot be worked out.

A group of persons at a place is small when it has some and fewer than the group's setting says (five unless changed).
It is withheld, and with it every figure about it. Figures add up to printed ones: the groups of one dimension to all
employees of the place, the sites to the group. What is withheld must not follow from what is printed, so more cells
are withheld, the smallest first and zeros last, until

* no sum has a single withheld cell, nor withheld cells that together are still a small group;
* no withheld cell is determined by all printed sums together. With every sum of a table known, the withheld cells are
  the edges of a graph between its lines and its columns, and a cell is determined just when it is a bridge of it.

This is the usual complementary suppression of official statistics (A. Hundepool and others, *Statistical Disclosure
Control*, Wiley 2012, chapter 4; D. Gusfield, *A graph theoretic approach to statistical data security*, SIAM Journal
on Computing 17, 1988, for the bridges).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from apps.indicators.declarations import Kpi, Parts, RecordKpi
from apps.organisation.models import Group, Site

# A figure at a site, or at None for all of them together.
Cell = tuple[str, int | None]
# A line or a column of a table; ``_FREE`` stands for every line whose sum is printed nowhere.
_Node = tuple[str, object]
_FREE: Final[_Node] = ("free", None)


@dataclass(frozen=True, kw_only=True)
class Small:
    """The withheld cells among the figures that count people. ``revealed``: shown all the same, and marked."""

    cells: frozenset[Cell]
    revealed: bool = False

    def withholds(self, kpi: Kpi, site: Site | None) -> bool:
        if not self.cells:
            return False
        place = site.pk if site else None
        return any((code, place) in self.cells for code in kpi.people)


def find_small(
    sizes: Sequence[RecordKpi],
    parts: Mapping[str, Mapping[int, Parts]],
    *,
    also: Iterable[Cell] = (),
    revealed: bool = False,
) -> Small:
    """``parts`` are those of ``sizes`` at every site; ``also`` is withheld whatever it says."""
    limit = Group.current().small_group_below
    values: dict[Cell, Decimal] = {}
    for kpi in sizes:
        told = {site_id: part for site_id, part in parts.get(kpi.code, {}).items() if part.total is not None}
        for site_id, part in told.items():
            values[kpi.code, site_id] = part.total or Decimal(0)
        if told:
            values[kpi.code, None] = Parts.sum(told.values()).total or Decimal(0)
    # A group in which there is nobody tells of nobody.
    withheld = {cell for cell, value in values.items() if 0 < value < limit} | (set(also) & values.keys())
    tables: dict[str, list[RecordKpi]] = defaultdict(list)
    for kpi in sizes:
        tables[kpi.among or kpi.code].append(kpi)
    # Totals first: where all who work at a place are few, nothing is told of any of its groups.
    for columns in sorted(tables.values(), key=lambda columns: bool(columns[0].among)):
        codes = {kpi.code for kpi in columns}
        own = {cell: value for cell, value in values.items() if cell[0] in codes}
        withheld |= {(kpi.code, place) for kpi in columns for code, place in withheld if code == kpi.whole} & own.keys()
        lines_add_up = bool(columns[0].among)
        withheld |= _Table(own, withheld & own.keys(), limit, lines_add_up=lines_add_up).protected()
    return Small(cells=frozenset(withheld), revealed=revealed)


class _Table:
    """The figures of one dimension at every place. A column is a group of people, a line a place."""

    def __init__(self, values: Mapping[Cell, Decimal], withheld: set[Cell], limit: int, *, lines_add_up: bool) -> None:
        self._values = values
        self._withheld = withheld
        self._limit = limit
        self._lines_add_up = lines_add_up
        self._hopeless: set[Cell] = set()

    def protected(self) -> set[Cell]:
        """What has to be withheld so that nothing of it can be worked out, as far as that is possible."""
        while self._withheld and (self._protect_sums() or self._break_bridge()):
            pass
        return self._withheld

    def _protect_sums(self) -> bool:
        changed = False
        for cells in self._printed_sums():
            hidden = [cell for cell in cells if cell in self._withheld]
            is_open = hidden and (len(hidden) == 1 or sum(self._values[cell] for cell in hidden) < self._limit)
            changed |= bool(is_open) and self._withhold_one(cells)
        for code in {code for code, _place in self._values}:
            group, sites = (code, None), [cell for cell in self._values if cell[0] == code and cell[1] is not None]
            hidden = [cell for cell in sites if cell in self._withheld]
            if group in self._withheld:
                # Printed sites add up to it.
                changed |= not hidden and self._withhold_one(sites)
            elif hidden and (len(hidden) == 1 or sum(self._values[cell] for cell in hidden) < self._limit):
                changed |= self._withhold_one([*sites, group])
        return changed

    def _printed_sums(self) -> Iterator[list[Cell]]:
        """The cells of each line whose sum is printed."""
        if self._lines_add_up:
            lines: dict[int | None, list[Cell]] = defaultdict(list)
            for cell in self._values:
                lines[cell[1]].append(cell)
            yield from lines.values()

    def _withhold_one(self, cells: Iterable[Cell]) -> bool:
        """Withholds the least of what is printed; False where nothing is left."""
        printed = [cell for cell in cells if cell not in self._withheld]
        if printed:
            self._withheld.add(min(printed, key=self._cost))
        return bool(printed)

    def _cost(self, cell: Cell) -> tuple[bool, bool, Decimal, str, int]:
        value = self._values[cell]
        return value == 0, cell[1] is None, value, cell[0], cell[1] or 0

    # What all sums together give away ---------------------------------------------------------------------------

    def _ends(self, cell: Cell) -> tuple[_Node, _Node]:
        code, place = cell
        return ("line", place) if self._lines_add_up else _FREE, ("column", code)

    def _break_bridge(self) -> bool:
        for cell in self._bridges():
            reached = self._reached_without(cell)
            across = [
                other
                for other in self._values
                if other not in self._withheld
                and (self._ends(other)[0] in reached) != (self._ends(other)[1] in reached)
            ]
            if self._withhold_one(across):
                return True
            self._hopeless.add(cell)
        return False

    def _bridges(self) -> list[Cell]:
        """Withheld cells that are the only link between two parts of the graph, found in one walk through it."""
        links: dict[_Node, list[tuple[Cell, _Node]]] = defaultdict(list)
        for cell in sorted(self._withheld, key=self._cost):
            one, other = self._ends(cell)
            links[one].append((cell, other))
            links[other].append((cell, one))
        order: dict[_Node, int] = {}
        low: dict[_Node, int] = {}
        bridges = []
        for start in links:
            if start in order:
                continue
            order[start] = low[start] = len(order)
            # Each step: the node, the cell by which it was reached, and what is left to try from there.
            path: list[tuple[_Node, Cell | None, Iterator[tuple[Cell, _Node]]]] = [(start, None, iter(links[start]))]
            while path:
                node, came_by, rest = path[-1]
                step = next(rest, None)
                if step is None:
                    path.pop()
                    if path:
                        parent = path[-1][0]
                        low[parent] = min(low[parent], low[node])
                        if came_by is not None and low[node] > order[parent] and came_by not in self._hopeless:
                            bridges.append(came_by)
                    continue
                cell, there = step
                if cell == came_by:
                    continue
                if there in order:
                    low[node] = min(low[node], order[there])
                else:
                    order[there] = low[there] = len(order)
                    path.append((there, cell, iter(links[there])))
        return bridges

    def _reached_without(self, bridge: Cell) -> set[_Node]:
        """Every node on one side of a bridge."""
        links: dict[_Node, list[_Node]] = defaultdict(list)
        for cell in self._withheld - {bridge}:
            one, other = self._ends(cell)
            links[one].append(other)
            links[other].append(one)
        found = [self._ends(bridge)[0]]
        reached = set(found)
        while found:
            for node in links[found.pop()]:
                if node not in reached:
                    reached.add(node)
                    found.append(node)
        return reached
