"""Reading a file of holders: from text to positions that people hold, and to what is wrong, by row and column.

Everything the portal knows is asked for once; two thousand lines cost as many questions as one.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.anti_corruption import policies
from apps.anti_corruption.holders import columns
from apps.anti_corruption.models import Post, PostHolder
from apps.organisation.models import Site
from apps.submissions.exchange.headings import read_headings, title_of
from apps.submissions.exchange.lines import day_in
from apps.submissions.exchange.lookup import Names, NotFound, find_rows, named
from apps.submissions.exchange.report import Problem
from apps.submissions.exchange.tables import Table

# What programs add to a day: "2020-03-05 00:00:00".
_TIME: Final = re.compile(r"(?<=\d)[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")

# Whom, which position, at which site.
Place = tuple[int, int, int]


def place_of(holder: PostHolder) -> Place:
    return (holder.user_id, holder.post_id, holder.site_id)


@dataclass(kw_only=True)
class Reading:
    """What a file comes to: holders to add, and stored ones whose last day it changes."""

    new: list[PostHolder]
    changed: list[PostHolder]
    unchanged: int
    problems: list[Problem]
    unread: list[str]
    rows: int


class _People:
    """Everybody who may sign in, by user name and by full name."""

    def __init__(self) -> None:
        self._by_user_name: dict[str, int] = {}
        self._by_folded_name: dict[str, list[int]] = defaultdict(list)
        self._by_name: dict[str, list[int]] = defaultdict(list)
        active = User.objects.filter(is_active=True).order_by("pk")
        for pk, user_name, name in active.values_list("pk", "username", "full_name"):
            self._by_user_name[user_name] = pk
            self._by_folded_name[user_name.casefold()].append(pk)
            if name:
                self._by_name[name.casefold()].append(pk)

    def find(self, word: str) -> int | str:
        """The id of a person, or a sentence that says why there is none."""
        if word in self._by_user_name:
            return self._by_user_name[word]
        key = word.casefold()
        # User names may differ in capitals alone.
        found = self._by_folded_name.get(key) or self._by_name.get(key, [])
        if len(found) == 1:
            return found[0]
        return several(word) if found else nobody(word)


def nobody(word: str) -> str:
    return _("Nobody who may sign in is called “%(name)s”. Write the user name.") % {"name": word[:60]}


def several(word: str) -> str:
    return _("Several people are called “%(name)s”. Write the user name.") % {"name": word[:60]}


def read(table: Table, user: User) -> Reading:
    """Everything a file says, and everything that is wrong with it. Nothing is written."""
    headings = read_headings(table, columns.COLUMNS)
    reader = _Reader(table, headings.places, user) if not headings.problems else None
    if reader is not None:
        reader.read()
    return Reading(
        new=reader.new if reader else [],
        changed=reader.changed if reader else [],
        unchanged=reader.unchanged if reader else 0,
        problems=reader.problems if reader else headings.problems,
        unread=headings.unread,
        rows=len(table.records),
    )


class _Reader:
    """Reads one file."""

    def __init__(self, table: Table, places: dict[str, int], user: User) -> None:
        self.new: list[PostHolder] = []
        self.changed: list[PostHolder] = []
        self.unchanged = 0
        self.problems: list[Problem] = []
        self._today = timezone.localdate()
        self._table = table
        self._places = places
        self._titles = {code: title_of(table.headings[place], place) for code, place in places.items()}
        self._people = _People()
        self._posts = named(Post._default_manager.all())
        self._sites = named(Site.objects.all())
        self._own = set(policies.sites_of_officer(user).values_list("pk", flat=True))
        self._words: dict[tuple[str, str], Any] = {}
        # Rows by what they tell.
        self._told: dict[tuple[Place, dt.date], int] = {}
        # Spans by place with the row they stand in: stored ones have none.
        self._spans: dict[Place, list[tuple[PostHolder, int]]] = defaultdict(list)
        for stored in PostHolder.objects.all():
            holder: Any = stored
            self._spans[place_of(holder)].append((holder, 0))

    def read(self) -> None:
        right = []
        for row, texts in self._table.records:
            line = self._line(row, texts)
            if line is not None and self._once(row, line):
                right.append((row, line))
        # What changes first: a file may end one span and begin the next.
        for row, line in [(row, line) for row, line in right if not self._known(line)]:
            self.new.append(line)
            self._spans[place_of(line)].append((line, row))
        self._look_for_overlaps(right)

    def _once(self, row: int, line: PostHolder) -> bool:
        earlier = self._told.setdefault((place_of(line), line.valid_from), row)
        if earlier != row:
            message = _("Row %(row)d says that this person holds this position at that time.")
            self._wrong(row, columns.FROM, message % {"row": earlier})
        return earlier == row

    def _known(self, line: PostHolder) -> bool:
        """Whether the position is stored from that day on; notes what the line changes of it."""
        for stored, _row in self._spans[place_of(line)]:
            if stored.valid_from == line.valid_from:
                if line.valid_until is None and stored.valid_until and stored.valid_until < self._today:
                    # A blank cell does not give an ended position back.
                    line.valid_until = stored.valid_until
                if columns.UNTIL not in self._places or stored.valid_until == line.valid_until:
                    self.unchanged += 1
                else:
                    stored.valid_until = line.valid_until
                    self.changed.append(stored)
                return True
        return False

    def _look_for_overlaps(self, lines: Sequence[tuple[int, PostHolder]]) -> None:
        for row, line in lines:
            last = line.valid_until or dt.date.max
            for other, earlier in self._spans[place_of(line)]:
                if other.valid_from == line.valid_from or not other.holds_during(line.valid_from, last):
                    continue
                # Of two rows the lower one is told.
                if earlier == 0:
                    self._wrong(row, columns.FROM, _("This person holds this position at that time already."))
                    break
                if earlier < row:
                    message = _("Row %(row)d says that this person holds this position at that time.")
                    self._wrong(row, columns.FROM, message % {"row": earlier})
                    break

    def _wrong(self, row: int, code: str, message: str) -> None:
        place = self._places.get(code, -1)
        self.problems.append(Problem(row=row, column=self._titles.get(code, ""), message=message, place=place))

    def _text(self, row: int, texts: Sequence[str], code: str, *, required: bool = True) -> str:
        place = self._places.get(code)
        if place is None:
            return ""
        if (row, place) in self._table.odd:
            self._wrong(row, code, self._table.odd[row, place])
            return ""
        text = " ".join(texts[place].split())
        if not text and required:
            self._wrong(row, code, _("This cell is blank."))
        return text

    def _line(self, row: int, texts: Sequence[str]) -> PostHolder | None:
        so_far = len(self.problems)
        user_id = self._person(row, texts)
        post = self._catalogued(row, texts, columns.POST, self._posts)
        site = self._catalogued(row, texts, columns.SITE, self._sites)
        if site is not None and site.pk not in self._own:
            self._wrong(row, columns.SITE, _("You do not keep the positions of this site."))
        first = self._day(row, texts, columns.FROM, required=True)
        last = self._day(row, texts, columns.UNTIL, required=False)
        if first and last and last < first:
            self._wrong(row, columns.UNTIL, _("The last day lies before the first."))
        if len(self.problems) > so_far or user_id is None or post is None or site is None or first is None:
            return None
        return PostHolder(user_id=user_id, post=post, site=site, valid_from=first, valid_until=last)

    def _person(self, row: int, texts: Sequence[str]) -> int | None:
        word = self._text(row, texts, columns.USER)
        if not word:
            return None
        found = self._people.find(word)
        if isinstance(found, str):
            self._wrong(row, columns.USER, found)
            return None
        return found

    def _catalogued(self, row: int, texts: Sequence[str], code: str, names: Names[Any]) -> Any:
        word = self._text(row, texts, code)
        if not word:
            return None
        if (code, word) not in self._words:
            try:
                self._words[code, word] = find_rows(word, [names])[0]
            except NotFound as refusal:
                self._words[code, word] = str(refusal)
        found = self._words[code, word]
        if isinstance(found, str):
            self._wrong(row, code, found)
            return None
        return found

    def _day(self, row: int, texts: Sequence[str], code: str, *, required: bool) -> dt.date | None:
        text = _TIME.sub("", self._text(row, texts, code, required=required))
        day = day_in(text) if text else None
        if text and day is None:
            self._wrong(row, code, _("This is no day. Write it like 2020-03-05."))
        return day
