"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    name = "apps.reporting"
    label = "reporting"
    verbose_name = _("annual report")

    def ready(self) -> None:
        from apps.reporting import proofs, published  # noqa: F401 - register themselves at start-up
