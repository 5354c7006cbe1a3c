"""Years, who hands in what, people and their roles: what of the organisation needs to know the sections."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.admin import AsksPolicies, FewOrChosenFilter, M, Menu
from apps.organisation.admin import KeptAdmin
from apps.organisation.choices import Frequency
from apps.organisation.models import Assignment, ReportingYear
from apps.submissions import services
from apps.submissions.models import Submission
from apps.submissions.sections import sections


def section_choices() -> list[tuple[str, Any]]:
    return [(section.code, section.title) for section in sections]


def section_title(code: str) -> str:
    return str(sections[code].title) if code in sections else code


class NamesSections(AsksPolicies[M]):
    """Offers the declared sections where the table keeps a code."""

    every_section: Any = gettext_lazy("Every section")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name != "section":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        everything = [("", self.every_section)] if db_field.blank else []
        return forms.ChoiceField(
            label=db_field.verbose_name, choices=everything + section_choices(), required=not db_field.blank
        )


class SectionFilter(admin.SimpleListFilter):
    title = gettext_lazy("section")
    parameter_name = "section"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return section_choices()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(section=self.value()) if self.value() else queryset


@admin.register(ReportingYear)
class ReportingYearAdmin(KeptAdmin[ReportingYear]):
    """A year is entered here, then opened: that makes its periods and what is expected in them."""

    menu = Menu.ORGANISATION
    list_display = ("code", "starts_on", "ends_on", "months", "published_at")
    search_fields = ("code",)
    fields = ("code", "starts_on", "ends_on", "expected", "published_at")
    readonly_fields = ("expected", "published_at")
    fixed_fields = ("code",)
    actions = ("open_years",)
    change_form_template = "admin/organisation/reportingyear/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReportingYear]:
        months = Count("periods", filter=Q(periods__frequency=Frequency.MONTH))
        return super().get_queryset(request).annotate(month_count=months)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Once its months are there, the days of a year stay."""
        readonly = super().get_readonly_fields(request, obj)
        return (*readonly, "starts_on", "ends_on") if obj and obj.month_count else readonly

    @admin.display(description=gettext_lazy("months opened"))
    def months(self, year: Any) -> int:
        return int(year.month_count)

    @admin.display(description=gettext_lazy("submissions expected"))
    def expected(self, year: ReportingYear) -> int:
        """On its own page: a large group has tens of thousands of them in each year."""
        return Submission.objects.filter(period__year=year).count() if year.pk else 0

    def has_keep_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request)

    @admin.action(description=gettext_lazy("Open: create the periods and what is expected"), permissions=["keep"])
    def open_years(self, request: HttpRequest, queryset: QuerySet[ReportingYear]) -> None:
        for year in queryset:
            self._open(request, year)

    def response_add(self, request: HttpRequest, obj: ReportingYear, post_url_continue: str | None = None) -> Any:
        """A new year expects nothing yet; the next page opens it."""
        if "_addanother" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        self.message_user(request, _("“%(year)s” is added. Open it below.") % {"year": obj}, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:organisation_reportingyear_change", args=[obj.pk]))

    def response_change(self, request: HttpRequest, obj: ReportingYear) -> Any:
        if "_open" not in request.POST:
            return super().response_change(request, obj)
        self._open(request, obj)
        return HttpResponseRedirect(reverse("admin:organisation_reportingyear_change", args=[obj.pk]))

    def _open(self, request: HttpRequest, year: ReportingYear) -> None:
        created = services.open_year(year)
        text = ngettext(
            "%(year)s is open: %(count)d submission is newly expected.",
            "%(year)s is open: %(count)d submissions are newly expected.",
            created,
        )
        self.message_user(request, text % {"year": year, "count": created}, messages.SUCCESS)


@admin.register(Assignment)
class AssignmentAdmin(NamesSections[Assignment], KeptAdmin[Assignment]):
    """Which site hands in which section, from when until when."""

    menu = Menu.ORGANISATION
    site_path = "site"
    list_display = ("site", "section_name", "valid_from", "valid_until")
    list_filter = (("site", FewOrChosenFilter), SectionFilter)
    list_select_related = ("site",)
    search_fields = ("site__code", "site__name_en", "site__name_zh_hans", "site__name_zh_hant")
    fields = ("site", "section", "valid_from", "valid_until")
    fixed_fields = ("site", "section")

    @admin.display(description=gettext_lazy("section"), ordering="section")
    def section_name(self, assignment: Assignment) -> str:
        return section_title(assignment.section)

    def save_model(self, request: HttpRequest, obj: Assignment, form: Any, change: bool) -> None:
        """What the assignment makes due in the open years is expected at once."""
        super().save_model(request, obj, form, change)
        open_years = ReportingYear.objects.filter(published_at__isnull=True, periods__isnull=False).distinct()
        created = sum(services.match_assignments(year) for year in open_years)
        if created:
            text = ngettext(
                "%(count)d submission is newly expected.", "%(count)d submissions are newly expected.", created
            )
            self.message_user(request, text % {"count": created}, messages.SUCCESS)
