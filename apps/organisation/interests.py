"""Who declared an interest in which business partner. The app that keeps declarations registers a source; those that
must not let somebody judge a friend ask here, by the partner's code, and need not know that app.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from apps.core.registry import Registry


@dataclass(frozen=True, kw_only=True)
class Interest:
    """A person's declared interest in a business partner, in words that those who are warned may read."""

    user_id: int
    partner: str
    words: str


@dataclass(frozen=True, kw_only=True)
class InterestSource:
    """``declared`` takes the numbers of people and the codes of partners, and asks a fixed number of questions."""

    code: str
    declared: Callable[[Collection[int], Collection[str]], Iterable[Interest]]


interest_sources: Registry[InterestSource] = Registry("source of interests")


def declared_interests(people: Collection[int], partners: Collection[str]) -> list[Interest]:
    """Every declared interest of these people in these partners."""
    return [interest for source in interest_sources for interest in source.declared(people, partners)]
