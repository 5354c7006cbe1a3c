"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GreenhouseGasesConfig(AppConfig):
    name = "apps.greenhouse_gases"
    label = "greenhouse_gases"
    verbose_name = _("greenhouse gases and energy")
