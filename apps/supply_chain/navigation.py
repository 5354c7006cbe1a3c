"""The registers of the supply chain."""

from django.utils.translation import gettext_lazy

from apps.core.navigation import Place, places
from apps.supply_chain.policies import may_see_suppliers
from apps.supply_chain.tenders.policies import may_open_register

places.register(
    Place(
        code="suppliers",
        title=gettext_lazy("Suppliers"),
        help=gettext_lazy("Who supplies the group, and how each was assessed."),
        view="supply_chain:suppliers",
        is_open_to=may_see_suppliers,
    )
)
places.register(
    Place(
        code="tenders",
        title=gettext_lazy("Tenders"),
        help=gettext_lazy("Bids for raw material: opened together, scored blind, ranked and approved."),
        view="supply_chain:tenders",
        is_open_to=may_open_register,
        asks=True,
    )
)
