"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupplyChainConfig(AppConfig):
    name = "apps.supply_chain"
    label = "supply_chain"
    verbose_name = _("supply chain")

    def ready(self) -> None:
        from apps.supply_chain.register import directory  # noqa: F401 - registers the directory at start-up
