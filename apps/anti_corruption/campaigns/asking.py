"""Who is asked to sign: everybody who holds an important position on a day, each once, by their highest rank."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from apps.anti_corruption.models import PostHolder, Rank
from apps.organisation.models import Site

# The highest rank first.
ORDER: Final[Mapping[str, int]] = {rank: place for place, rank in enumerate(Rank.values)}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Somebody to be asked, with the site and the position under which they are counted."""

    user_id: int
    site_id: int
    post_id: int
    rank: str
    # The first day of the newest position that they hold.
    since: dt.date


def _holders(day: dt.date) -> Any:
    """Positions that somebody holds on ``day`` who may sign in."""
    return PostHolder.objects.in_force(day, day).filter(user__is_active=True)


def to_be_asked(day: dt.date, site: Site | None = None) -> list[Asked]:
    """Those of ``site``, or of every site. One question to the database, however many they are."""
    holders = _holders(day)
    if site is not None:
        holders = holders.filter(site=site)
    rows = holders.order_by("site__position", "post__position", "pk").values_list(
        "user_id", "site_id", "post_id", "post__rank", "valid_from"
    )
    newest: dict[int, dt.date] = {}
    for user_id, _site_id, _post_id, _rank, since in rows:
        newest[user_id] = max(since, newest.get(user_id, since))
    found: dict[int, Asked] = {}
    # Sorting keeps the order of sites and positions within a rank.
    for user_id, site_id, post_id, rank, _since in sorted(rows, key=lambda row: ORDER[row[3]]):
        found.setdefault(
            user_id, Asked(user_id=user_id, site_id=site_id, post_id=post_id, rank=rank, since=newest[user_id])
        )
    return list(found.values())


def how_many(day: dt.date) -> tuple[int, dict[int, int]]:
    """How many people hold a position at all, and at each site by its id."""
    everybody: set[int] = set()
    by_site: dict[int, set[int]] = defaultdict(set)
    for user_id, site_id in _holders(day).order_by().values_list("user_id", "site_id"):
        everybody.add(user_id)
        by_site[site_id].add(user_id)
    return len(everybody), {site_id: len(people) for site_id, people in by_site.items()}
