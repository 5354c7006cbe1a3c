"""Times taken in turn, and what is said of them: ratios of neighbours, their median and their middle half."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

# Does something once and gives the seconds it took.
Way = Callable[[], float]


@dataclass(frozen=True, kw_only=True)
class Spread:
    """A median, and the quartiles beside it."""

    median: float
    low: float
    high: float
    rounds: int


@dataclass(frozen=True, kw_only=True)
class Times:
    """Seconds of each way, a list for each round."""

    of: Mapping[str, Sequence[Sequence[float]]]

    def ratio(self, one: str, other: str) -> Spread:
        """How much longer ``one`` takes than ``other``, each round compared within itself."""
        pairs = zip(self._each_round(one), self._each_round(other), strict=True)
        return spread([above / below for above, below in pairs])

    def ratio_of_ratios(self, one: tuple[str, str], other: tuple[str, str]) -> Spread:
        """How much one ratio exceeds another, each round compared within itself."""
        names = (*one, *other)
        each = zip(*(self._each_round(name) for name in names), strict=True)
        return spread(
            [(above / below) / (above_other / below_other) for above, below, above_other, below_other in each]
        )

    def ratio_of_p95(self, one: str, other: str) -> Spread:
        """The same of the slow ends, over all rounds: a single figure without a spread of its own."""
        value = p95(self.all(one)) / p95(self.all(other))
        return Spread(median=value, low=value, high=value, rounds=len(self.of[one]))

    def median(self, way: str) -> float:
        return statistics.median(self.all(way))

    def all(self, way: str) -> list[float]:
        return [seconds for of_round in self.of[way] for seconds in of_round]

    def _each_round(self, way: str) -> list[float]:
        return [statistics.median(of_round) for of_round in self.of[way]]


def in_turn(ways: Mapping[str, Way], *, rounds: int, burst: int = 1, warm_up: int = 1) -> Times:
    """Each way ``burst`` times a round, one way after the other, so that all of them meet the same noise."""
    for way in ways.values():
        for _time in range(warm_up):
            way()
    taken: dict[str, list[list[float]]] = {name: [] for name in ways}
    names = list(ways)
    for number in range(rounds):
        # Another one begins each time: what the one before leaves behind falls on all alike.
        for name in names[number % len(names) :] + names[: number % len(names)]:
            taken[name].append([ways[name]() for _time in range(burst)])
    return Times(of=taken)


def spread(values: Sequence[float]) -> Spread:
    ordered = sorted(values)
    low, high = (ordered[0], ordered[-1]) if len(ordered) < 4 else _quartiles(ordered)
    return Spread(median=statistics.median(ordered), low=low, high=high, rounds=len(ordered))


def _quartiles(ordered: Sequence[float]) -> tuple[float, float]:
    low, _middle, high = statistics.quantiles(ordered, n=4, method="inclusive")
    return low, high


def exactly(value: float) -> Spread:
    """A count, which has no noise."""
    return Spread(median=value, low=value, high=value, rounds=1)


def p95(values: Sequence[float]) -> float:
    """The value that one in twenty exceeds."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, -(-95 * len(ordered) // 100) - 1)]
