"""Tenders in the admin, to look at: they are run on their own pages. Scores have no admin at all."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.admin import FewOrChosenFilter, Menu, ReadOnlyAdmin, ScopedFilter
from apps.organisation.policies import may_use_admin
from apps.submissions.admin.catalogues import CatalogueAdmin
from apps.supply_chain.models import Tender, TenderAttribute
from apps.supply_chain.tenders import policies


@admin.register(TenderAttribute)
class TenderAttributeAdmin(CatalogueAdmin[TenderAttribute]):
    pass


@admin.register(Tender)
class TenderAdmin(ReadOnlyAdmin[Tender]):
    menu = Menu.RECORDS
    sortable_by = ()
    list_display = ("number", "title", "site", "material", "state", "bids_due_on", "decided_on", "tender_link")
    list_filter = (("site", FewOrChosenFilter), "state", ("material", ScopedFilter))
    list_select_related = ("site", "material")
    search_fields = ("number", "title", "site__code", "site__name_en", "site__name_zh_hans")
    search_help_text = _("Number, title or site of a tender.")
    fields = (
        "tender_link",
        "number",
        "title",
        "site",
        "material",
        "state",
        "bids_due_on",
        "created_by",
        "winner",
        "decided_by",
        "decided_on",
        "approved_by",
        "approved_at",
        "cancelled_by",
        "cancelled_at",
        "cancelled_because",
    )
    readonly_fields = fields

    def may_view(self, user: User) -> bool:
        return may_use_admin(user)

    def scope(self, user: User) -> Q:
        return policies.visible_to(user)

    @admin.display(description=_("page"))
    def tender_link(self, tender: Any) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("supply_chain:tender", args=[tender.pk]), _("Open the tender")
        )
