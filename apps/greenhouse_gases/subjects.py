"""What factors are about, in words: resources and products of the catalogue, and gases."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from apps.environment.models import Product, Resource
from apps.environment.models.resources import ResourceKind

# Gases that no catalogue row is about.
GASES: Final = {
    "ch4": _("Methane"),
    "n2o": _("Nitrous oxide"),
    "cf4": _("Tetrafluoromethane"),
    "nf3": _("Nitrogen trifluoride"),
}


def subject_names() -> dict[str, str]:
    """Every subject that a factor may be about, by its code, in the language of whoever is reading."""
    energy_first = sorted(Resource.objects.all(), key=lambda row: row.kind != ResourceKind.ENERGY)
    rows = [row for row in energy_first if row.kind != ResourceKind.WATER]
    return {
        **{code: str(name) for code, name in GASES.items()},
        **{row.code: row.name for row in (*rows, *Product.objects.filter(counts_as_output=False))},
    }
