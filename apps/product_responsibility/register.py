"""Certificates by the day: which of them somebody has to do something about, and what a year's form copies.

The list, the reviewers' start page, the to-do lists and the yearly form all ask here, so that they say the same.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from apps.product_responsibility.models import (
    REMIND_DAYS,
    Certificate,
    CertificateFile,
    CertificateHeld,
    CertificateState,
)
from apps.submissions.models import Submission


def wants_action(state: str, valid_until: dt.date, day: dt.date, *, is_succeeded: bool) -> bool:
    """Whether a certificate in this state is to be renewed, replaced or ended.

    One that has run out is over once another of its family holds. One of a withdrawn edition that still says of itself
    that it is valid has to be ended also then.
    """
    if state == CertificateState.RUN_OUT:
        return not is_succeeded
    if state == CertificateState.EDITION_WITHDRAWN:
        return not is_succeeded or valid_until >= day
    return False


def _holders(certificates: Iterable[Certificate], day: dt.date) -> set[tuple[int, str]]:
    """The sites and families of which a certificate holds on ``day``."""
    return {(each.site_id, each.standard.family) for each in certificates if each.holds_on(day)}


def in_trouble(certificates: Sequence[Certificate], day: dt.date) -> list[Certificate]:
    """Those somebody has to act on, of all ``certificates`` of one or more sites."""
    holders = _holders(certificates, day)
    return [
        each
        for each in certificates
        if wants_action(
            each.state_on(day), each.valid_until, day, is_succeeded=(each.site_id, each.standard.family) in holders
        )
    ]


def ending_soon(certificates: Sequence[Certificate], day: dt.date) -> list[Certificate]:
    """Those within ``REMIND_DAYS`` of their last day that no other of their family outlasts."""
    longest: dict[tuple[int, str], dt.date] = defaultdict(lambda: dt.date.min)
    for each in certificates:
        place = (each.site_id, each.standard.family)
        longest[place] = max(longest[place], each.last_day)
    return [
        each
        for each in certificates
        if each.state_on(day, REMIND_DAYS) == CertificateState.ENDS_SOON
        and longest[each.site_id, each.standard.family] == each.last_day
    ]


def without_file(certificates: Sequence[Certificate]) -> set[int]:
    """The ids of those of which no file is kept: nobody can look whether they say what was typed."""
    filed = CertificateFile.objects.filter(certificate__in=certificates).values_list("certificate_id", flat=True)
    return {each.pk for each in certificates} - set(filed)


def lines(submission: Submission) -> list[CertificateHeld]:
    """What the yearly form says: what held on a day of the year, and what was in trouble on its last day."""
    period = submission.period
    known = list(
        Certificate.objects.filter(site=submission.site_id, valid_from__lte=period.ends_on).select_related("standard")
    )
    troubled = {each.pk for each in in_trouble(known, period.ends_on)}
    return [
        CertificateHeld(
            certificate=each,
            standard=each.standard,
            number=each.number,
            body=each.body,
            valid_from=each.valid_from,
            valid_until=each.valid_until,
            state=each.state_on(period.ends_on),
        )
        for each in known
        if each.last_day >= period.starts_on or each.pk in troubled
    ]
