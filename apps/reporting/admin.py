"""The guides with their provisions, kept by administrators."""

from django.contrib import admin

from apps.organisation.admin import KeptAdmin
from apps.reporting.models import Guide, Provision
from apps.submissions.admin.catalogues import NAMES, CatalogueAdmin


@admin.register(Guide)
class GuideAdmin(CatalogueAdmin[Guide]):
    list_display = ("code", "name", "starts_on", "source")
    fields = ("code", *NAMES, "starts_on", "source", "position")


@admin.register(Provision)
class ProvisionAdmin(KeptAdmin[Provision]):
    """Statements and figures name a provision by its code, so code and guide stay as they were made."""

    fixed_fields = ("guide", "code")
    list_display = ("code", "title", "guide", "aspect", "kind", "obligation", "is_quantitative")
    list_display_links = ("code", "title")
    list_filter = ("guide", "obligation", "kind", "is_quantitative")
    list_select_related = ("guide",)
    search_fields = ("code", "title_en", "title_zh_hans", "title_zh_hant")
    fields = (
        "guide",
        "code",
        "aspect",
        "position",
        "kind",
        "obligation",
        "is_quantitative",
        "title_en",
        "title_zh_hans",
        "title_zh_hant",
        "confidence",
    )
