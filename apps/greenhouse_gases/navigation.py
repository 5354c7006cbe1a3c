"""The register of factors, which lives beside the forms."""

from django.utils.translation import gettext_lazy as _

from apps.core.navigation import Place, places
from apps.greenhouse_gases.policies import may_read_factors

places.register(
    Place(
        code="factors",
        title=_("Emission factors"),
        help=_("The factors that greenhouse gases and energy are worked out with, in versions with their sources."),
        view="factors:list",
        is_open_to=may_read_factors,
    )
)
