"""The certificates as the pages show them: each with its state in a word and a sign."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_stubs_ext import StrPromise

from apps.product_responsibility.models import REMIND_DAYS, Certificate, CertificateState
from apps.product_responsibility.register import ending_soon, in_trouble, without_file

# Of each state: its sign, and the state of the style sheet whose colour it has.
_MARKS = {
    CertificateState.VALID: ("✓", "approved"),
    CertificateState.ENDS_SOON: ("!", "returned"),
    CertificateState.NOT_YET: ("◔", "draft"),
    CertificateState.RUN_OUT: ("✕", "late"),
    CertificateState.EDITION_WITHDRAWN: ("✕", "late"),
    CertificateState.ENDED: ("·", "not_due"),
}

# Those that somebody may rely on, now or later: they are to be shown to whoever asks.
_HOLDING = (CertificateState.VALID, CertificateState.ENDS_SOON, CertificateState.NOT_YET)


@dataclass(frozen=True, kw_only=True)
class CertificateLine:
    """One certificate on a day. ``to_do`` says what it wants; blank where nothing is to be done."""

    certificate: Certificate
    state: CertificateState
    sign: str
    colour: str
    to_do: str = ""

    @property
    def label(self) -> str | StrPromise:
        return self.state.label


def lines(certificates: Sequence[Certificate], day: dt.date) -> list[CertificateLine]:
    """``certificates`` are all of their sites, since one may follow another."""
    bare = without_file(certificates)
    troubled = {each.pk for each in in_trouble(certificates, day)}
    ending = {each.pk for each in ending_soon(certificates, day)}
    found = []
    for each in certificates:
        state = each.state_on(day, REMIND_DAYS)
        sign, colour = _MARKS[state]
        to_do = ""
        if each.pk in troubled:
            to_do = _advice(state)
        elif each.pk in ending:
            to_do = _reminder(each, day)
        if each.pk in bare and state in _HOLDING:
            to_do = " ".join(filter(None, (to_do, _("No file is attached."))))
        found.append(CertificateLine(certificate=each, state=state, sign=sign, colour=colour, to_do=to_do))
    return found


def _advice(state: CertificateState) -> str:
    if state == CertificateState.EDITION_WITHDRAWN:
        return _("The edition is no longer valid. Enter the certificate that replaces it, and end this one.")
    return _("No other certificate of this standard is valid. Enter the new one, or end this one.")


def _reminder(certificate: Certificate, day: dt.date) -> str:
    left = (certificate.last_day - day).days
    return ngettext(
        "%(count)d day left. Enter its successor as soon as you have it.",
        "%(count)d days left. Enter its successor as soon as you have it.",
        left,
    ) % {"count": left}
