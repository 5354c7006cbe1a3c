"""The aspects of the guide, in the order of the report."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

ASPECTS: Final[dict[str, StrPromise]] = {
    "report": _("About this report"),
    "B": _("Governance, principles and boundary"),
    "A1": _("A1 Emissions"),
    "A2": _("A2 Use of resources"),
    "A3": _("A3 The environment and natural resources"),
    "A4": _("A4 Climate change"),
    "B1": _("B1 Employment"),
    "B2": _("B2 Health and safety"),
    "B3": _("B3 Development and training"),
    "B4": _("B4 Labour standards"),
    "B5": _("B5 Supply chain management"),
    "B6": _("B6 Product responsibility"),
    "B7": _("B7 Anti-corruption"),
    "B8": _("B8 Community investment"),
    "D": _("Climate-related disclosures"),
}
