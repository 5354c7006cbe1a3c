"""Which group of a dimension a word or an age of the roster means."""

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import Final

from django.utils.translation import gettext as _

from apps.submissions.exchange.columns import key_of
from apps.submissions.sections import Asked
from apps.workforce.models import RosterColumn, WorkforceGroup

# What a cell means: one group, or several of which each took the place of the one before.
Choice = tuple[WorkforceGroup, ...]

WORD_COLUMNS: Final = tuple(column.value for column in RosterColumn if column != RosterColumn.BIRTH_DATE)
_BETWEEN: Final = re.compile("[,、]")
# Whatever stands earlier here is stronger: a word of one group that is the code of another means that other.
_NAMES: Final[tuple[Callable[[WorkforceGroup], Iterable[str]], ...]] = (
    lambda group: [group.code],
    lambda group: [group.name_en, group.name_zh_hans, group.name_zh_hant],
    lambda group: _BETWEEN.split(unicodedata.normalize("NFKC", group.roster_words)),
)


class UnknownWord(ValueError):
    """A word that means no group, or more than one; the text tells what to write. It does not repeat the word."""


class Groups:
    """The groups in force in a period, by the column of the roster that tells them."""

    def __init__(self, rows: Iterable[Asked]) -> None:
        """``rows``: those of the breakdown that are asked in the period."""
        self._by_column: dict[str, list[WorkforceGroup]] = defaultdict(list)
        groups = {group.pk: group for _measure, group in (row.catalogue for row in rows)}
        for group in groups.values():
            if group.dimension.roster_column:
                self._by_column[group.dimension.roster_column].append(group)
        self._words = {column: _words_of(self._by_column[column]) for column in WORD_COLUMNS}

    def of_column(self, column: str) -> Sequence[WorkforceGroup]:
        return self._by_column.get(column, ())

    def titles(self, column: str) -> list[str]:
        """What the groups are called. One that took the place of another may have its name."""
        return list(dict.fromkeys(group.name for group in self.of_column(column)))

    def named(self, column: str, word: str) -> Choice:
        """The group that goes by ``word``. Raises UnknownWord; a column that no dimension uses has no groups."""
        groups = self.of_column(column)
        if not groups:
            return ()
        choice = self._words[column].get(key_of(word), ())
        known = {"known": ", ".join(self.titles(column))}
        if not choice:
            raise UnknownWord(_("This word is none of those in use. Write one of: %(known)s.") % known)
        if any(_meet(one, other) for one, other in combinations(choice, 2)):
            raise UnknownWord(_("This word stands for more than one of these: %(known)s. Write the name.") % known)
        return choice

    def aged(self, age: int) -> Choice:
        """The age group of somebody so old; nothing where no group is in force for this age."""
        return tuple(
            group
            for group in self.of_column(RosterColumn.BIRTH_DATE)
            if (group.age_from is None or group.age_from <= age) and (group.age_to is None or age <= group.age_to)
        )


def _words_of(groups: Sequence[WorkforceGroup]) -> dict[str, Choice]:
    words: dict[str, Choice] = {}
    for names in _NAMES:
        of_this_kind: dict[str, Choice] = {}
        for group in groups:
            for key in dict.fromkeys(key_of(name) for name in names(group)):
                if key and key not in words:
                    of_this_kind[key] = (*of_this_kind.get(key, ()), group)
        words |= of_this_kind
    return words


def _meet(one: WorkforceGroup, other: WorkforceGroup) -> bool:
    """Whether both are in force on some day."""
    return (one.valid_until is None or other.valid_from <= one.valid_until) and (
        other.valid_until is None or one.valid_from <= other.valid_until
    )


def on_day(choice: Choice, day: dt.date) -> WorkforceGroup | None:
    """The group of ``choice`` in force on ``day``, else the first: it is asked for the whole period."""
    for group in choice:
        if group.holds_during(day, day):
            return group
    return choice[0] if choice else None
