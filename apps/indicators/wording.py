"""Words about a report that page, workbook and command share."""

from django.utils.translation import gettext as _

from apps.indicators.basis import Basis
from apps.indicators.filled_tables import Place


def place_name(place: Place) -> str:
    return place.name if place else _("Group")


def basis_text(basis: Basis) -> str:
    if basis == Basis.APPROVED:
        return _("Approved data only.")
    return _("Provisional: counts everything recorded so far, approved or not.")
