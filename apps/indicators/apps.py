"""App configuration."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    name = "apps.indicators"
    label = "indicators"
    verbose_name = _("annual figures")

    def ready(self) -> None:
        from apps.indicators import checks  # noqa: F401 - registers the checks at start-up
        from apps.indicators.sums import proofs  # noqa: F401 - registers itself at start-up

        autodiscover_modules("kpis", "report_tables")
