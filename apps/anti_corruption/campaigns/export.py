"""The people of a round as a workbook: who, where, which state. What they declared is not in it."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import IO, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.anti_corruption.campaigns.pages import state_word
from apps.anti_corruption.models import Duty
from apps.submissions.exchange.exporter import Value
from apps.submissions.exchange.formats import FORMATS


def headings() -> list[str]:
    return [
        _("Name"),
        _("User name"),
        _("Site"),
        _("Important position"),
        pgettext("of people", "Rank"),
        _("State"),
        _("Due on"),
        _("Signed on"),
    ]


def rows(duties: QuerySet[Duty], day: dt.date) -> Iterator[Sequence[Value]]:
    """One row a person."""
    found: Any = duties.select_related("campaign", "user", "site", "post").order_by("site__position", "user__username")
    for duty in found:
        yield (
            duty.user.full_name,
            duty.user.username,
            duty.site.name,
            duty.post.name,
            str(duty.get_rank_display()),
            str(state_word(duty, day)),
            duty.due_on,
            duty.signed_on,
        )


def write(stream: IO[bytes], duties: QuerySet[Duty], day: dt.date) -> None:
    """Writes XLSX; texts that look like formulas are made harmless there."""
    FORMATS["xlsx"]().write(stream, headings(), rows(duties, day))
