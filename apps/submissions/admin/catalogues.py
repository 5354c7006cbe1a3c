"""What the admin of every catalogue shares: who answers a row, what stays once it is used, plain lists of names."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.http import person_of
from apps.core.admin import LabelledFormSet, M, PolicyInline
from apps.core.units import UNITS
from apps.organisation.admin import KeptAdmin, KeptByAdministrators
from apps.organisation.models import SiteRow
from apps.organisation.policies import visible_sites
from apps.submissions.catalogue import QuantityItem
from apps.submissions.sections import Grid, sections

NAMES = ("name_en", "name_zh_hans", "name_zh_hant")


def grids_about(model: type[Any]) -> list[Grid]:
    """The grids whose rows are those of a catalogue."""
    grids = [grid for section in sections for grid in section.grids]
    return [grid for grid in grids if grid.model._meta.get_field(grid.item_field).related_model is model]


def is_used(item: QuantityItem) -> bool:
    return any(
        grid.model._default_manager.filter(**{grid.item_field: item.pk}).exists() for grid in grids_about(type(item))
    )


class SiteRowFormSet(LabelledFormSet):
    """Takes a site away again only while it has answered nothing; later it gets a last day."""

    def clean(self) -> None:
        super().clean()
        for form in self.deleted_forms:
            row = form.instance
            if row.pk and self._has_answered(row):
                raise ValidationError(
                    _("%(site)s has records here. Enter the last day it answers instead of deleting it.")
                    % {"site": row.site}
                )

    @staticmethod
    def _has_answered(row: SiteRow) -> bool:
        place = {f"{name}_id": getattr(row, f"{name}_id") for name in row.row_fields}
        return any(
            grid.model._default_manager.filter(submission__site=row.site_id, **place).exists()
            for section in sections
            for grid in section.grids
            if grid.site_row is type(row)
        )


class SiteRowInline(KeptByAdministrators[Any], PolicyInline[Any, Any]):
    """Which sites answer the row above, from when until when."""

    site_path = "site"
    formset = SiteRowFormSet
    fields: ClassVar[Any] = ("site", "valid_from", "valid_until")
    ordering = ("site__position", "valid_from")

    def may_delete(self, user: Any, obj: Any = None) -> bool:
        return self.may_change(user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("site", *self.model.row_fields)


class QuantityItemAdmin(KeptAdmin[M]):
    """A catalogue of quantities. The unit stays once something is recorded in it."""

    fixed_fields: ClassVar[tuple[str, ...]] = ("code",)
    search_fields = ("code", *NAMES)
    own_fields: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the number of visible sites that answer today, where sites choose what they answer."""
        if not hasattr(self.model, "at_sites"):
            return super().get_queryset(request)
        relation: Any = self.model._meta.get_field("at_sites")
        item, today = relation.field.name, localdate()
        # Counted line by line: joined, what all sites answer would be sorted with all the columns of a line.
        count = (
            relation.related_model._default_manager.in_force(today, today)
            .filter(visible_sites(person_of(request), "site"), **{item: OuterRef("pk")})
            .order_by()
            .values(item)
            .annotate(count=Count("site", distinct=True))
            .values("count")
        )
        return super().get_queryset(request).annotate(site_count=Coalesce(Subquery(count), 0))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name != "density_unit":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        choices = [("", _("as the total")), *((unit.code, unit.label) for unit in UNITS.values())]
        return forms.ChoiceField(
            label=capfirst(db_field.verbose_name), help_text=db_field.help_text, choices=choices, required=False
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        readonly = super().get_readonly_fields(request, obj)
        return (*readonly, "unit_code") if obj is not None and is_used(obj) else readonly

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return (
            (None, {"fields": ("code", *NAMES, *self.own_fields, "position")}),
            (gettext_lazy("Total"), {"fields": ("unit_code", "decimals", "tonnes_per_m3")}),
            (gettext_lazy("Density"), {"fields": ("density_unit", "density_decimals")}),
            (gettext_lazy("Checks"), {"fields": ("jump_percent",)}),
        )

    @admin.display(description=gettext_lazy("sites"), ordering="site_count")
    def sites(self, item: Any) -> int:
        return int(item.site_count)

    @admin.display(description=gettext_lazy("unit"), ordering="unit_code")
    def unit(self, item: QuantityItem) -> Any:
        return item.unit.label


class CatalogueAdmin(KeptAdmin[M]):
    """A plain catalogue."""

    fixed_fields: ClassVar[tuple[str, ...]] = ("code",)
    list_display: Any = ("code", "name", "position")
    search_fields: ClassVar[Any] = ("code", *NAMES)
    fields: ClassVar[Any] = ("code", *NAMES, "position")
