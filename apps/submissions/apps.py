"""App configuration."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class SubmissionsConfig(AppConfig):
    name = "apps.submissions"
    label = "submissions"
    verbose_name = _("submissions")

    def ready(self) -> None:
        autodiscover_modules("sections")
        autodiscover_modules("attention", "catalogue.loader", "navigation")
