"""The register of certificates, which lives beside the forms."""

from django.utils.translation import gettext_lazy as _

from apps.core.navigation import Place, places
from apps.product_responsibility.policies import may_see_certificates

places.register(
    Place(
        code="certificates",
        title=_("Certificates"),
        help=_("Certificates of management systems: what is valid, what ends soon, what has run out."),
        view="product:certificates",
        is_open_to=may_see_certificates,
    )
)
