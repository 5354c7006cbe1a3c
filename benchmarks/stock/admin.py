"""The default admin: a change form with the records inline, and a list to filter and search."""

from django.contrib import admin
from import_export.admin import ImportExportModelAdmin

from benchmarks.stock.models import Item, Record, Site, Submission


class RecordInline(admin.TabularInline):  # type: ignore[type-arg]
    """The records of a submission, as Django draws them."""

    model = Record
    extra = 0


@admin.register(Submission)
class SubmissionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A submission with all its values on one page."""

    inlines = (RecordInline,)
    list_display = ("site", "period", "state")
    list_filter = ("state", "site")
    search_fields = ("site__code", "site__name", "period")
    list_per_page = 50


@admin.register(Record)
class RecordAdmin(ImportExportModelAdmin):  # type: ignore[misc]
    """Import and export as django-import-export comes."""

    list_display = ("submission", "item", "quantity", "state")
    list_filter = ("state", "item", "submission__period")
    list_select_related = ("submission__site", "item")
    search_fields = ("submission__site__code", "item__name", "note")
    list_per_page = 50


admin.site.register([Site, Item])
