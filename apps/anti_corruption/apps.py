"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AntiCorruptionConfig(AppConfig):
    name = "apps.anti_corruption"
    label = "anti_corruption"
    verbose_name = _("anti-corruption")

    def ready(self) -> None:
        from apps.anti_corruption import interests, proofs  # noqa: F401 - register themselves at start-up
