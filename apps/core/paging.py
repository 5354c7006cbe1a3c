"""Pages of long lists, which cost the same however long their tables have grown."""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, F, Func, QuerySet
from django.utils.functional import cached_property


class InTurn:
    """Querysets one after the other as one list: what an ORDER BY over all of them would have to sort for."""

    def __init__(self, *querysets: Any) -> None:
        self._querysets = querysets
        self._counts: dict[int, int] = {}

    def count(self, most: int | None = None) -> int:
        """How many rows there are, counted no further than ``most``."""
        found = 0
        for place, queryset in enumerate(self._querysets):
            self._counts[place] = _count(queryset, None if most is None else most - found)
            found += self._counts[place]
            if found == most:
                break
        return found

    def __getitem__(self, wanted: slice) -> Sequence[Any]:
        """The rows of a page that ``count`` has reached."""
        start, stop = wanted.start or 0, wanted.stop
        rows: list[Any] = []
        for place, count in self._counts.items():
            if start < count and stop > 0:
                rows += self._querysets[place][max(start, 0) : min(stop, count)]
            start, stop = start - count, stop - count
        return rows


def _count(queryset: Any, most: int | None) -> int:
    return int(queryset.order_by().values("pk")[:most].count())


class CappedPaginator(Paginator[Any]):
    """Counts no further than ``cap``, so that no page lies deep in a long table."""

    cap = 2000

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return _count(rows, self.cap) if isinstance(rows, QuerySet) else int(rows.count(self.cap))

    @property
    def is_capped(self) -> bool:
        return self.count >= self.cap


class KeysFirstPaginator(CappedPaginator):
    """Sorts keys alone and fetches the rows of the page by them, in one statement.

    What is narrowed down or sorted otherwise may have to be sorted as a whole: thousands of rows with all that belongs
    to them take ten times as long as their keys. The keys are an array, which the database makes before it plans to
    look anything up: of an IN with a subquery it may join all rows that are narrowed down to, then look for the keys.
    """

    def page(self, number: Any) -> Page[Any]:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        rows: Any = self.object_list
        keys = rows.values("pk")[start : start + self.per_page]
        return Page(rows.filter(_IsAmong(F("pk"), ArraySubquery(keys))), number, self)


class _IsAmong(Func):
    """Whether the first expression is an element of the second, an array."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()
