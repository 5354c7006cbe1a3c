"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProductResponsibilityConfig(AppConfig):
    name = "apps.product_responsibility"
    label = "product_responsibility"
    verbose_name = _("product responsibility")
