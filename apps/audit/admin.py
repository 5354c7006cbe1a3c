"""The audit trail as a list to read. Who may read which part of it is said above, in submissions/admin."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.audit.models import Change, Operation
from apps.audit.reading import FieldChange, exact, read, table_name
from apps.audit.verification import audited_tables
from apps.core.admin import Menu, ReadOnlyAdmin

# Columns of the list say these already.
_SAID_BESIDE = frozenset({"submission_id", "entered_by_id", "entered_at"})
_SHOWN = 5


def _told(change: Change, field: FieldChange) -> str:
    if change.operation == Operation.UPDATE:
        return f"{field.before} → {field.after}"
    return field.before if change.operation == Operation.DELETE else field.after


class TableFilter(admin.SimpleListFilter):
    title = _("table")
    parameter_name = "table"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        return sorted(((table, table_name(table)) for table in audited_tables()), key=lambda entry: entry[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(table=self.value()) if self.value() else queryset


class NumberFilter(admin.SimpleListFilter):
    """Narrows to one number that a link carries; it shows only while it is in use."""

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        sent = request.GET.get(str(self.parameter_name), "")
        return [(sent, sent)] if sent.isdecimal() and len(sent) < 18 else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        known = [value for value, _label in self.lookup_choices]
        return queryset.filter(**{str(self.parameter_name): self.value()}) if self.value() in known else queryset


class RowFilter(NumberFilter):
    title = _("row")
    parameter_name = "row_id"


class SubmissionFilter(NumberFilter):
    title = _("submission")
    parameter_name = "submission_id"


class TrailAdmin(ReadOnlyAdmin[Change]):
    """Newest first, in pages that never count the whole table."""

    menu = Menu.REVIEW
    list_display = ("at", "actor_name", "what", "place", "summary")
    list_display_links = ("at",)
    list_filter = ("operation", TableFilter, RowFilter, SubmissionFilter)
    search_fields = ("actor_name",)
    search_help_text = _("The number of a submission, or the name of a person.")
    ordering = ("-id",)
    fields = ("at", "actor_name", "what", "place", "differences", "source", "database_user")
    readonly_fields: ClassVar[Any] = fields
    sortable_by = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Change]:
        return self._exact(super().get_queryset(request))

    def unscoped(self) -> QuerySet[Change]:
        """All of the trail, for those who narrow it down themselves."""
        return self._exact(Change.objects.all())

    @staticmethod
    def _exact(changes: QuerySet[Change]) -> QuerySet[Change]:
        """With the rows as text: numbers in JSON would come as floats."""
        exact_texts = {name: Cast(name.removesuffix("_text"), TextField()) for name in ("before_text", "after_text")}
        return changes.defer("before", "after").annotate(**exact_texts)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Change], search_term: str
    ) -> tuple[QuerySet[Change], bool]:
        """By number or by who it was; both are looked up, not searched for in every row of the trail."""
        term = search_term.strip()
        if not term:
            return queryset, False
        if term.isdecimal() and len(term) < 18:
            return queryset.filter(submission_id=int(term)), False
        people = User.objects.filter(Q(full_name__icontains=term) | Q(username__icontains=term))
        return queryset.filter(actor_id__in=list(people.values_list("pk", flat=True)[:200])), False

    def heading(self, obj: Change) -> str:
        return f"{self.place(obj)} · {self.what(obj)}"

    @admin.display(description=_("what"))
    def what(self, change: Change) -> str:
        return str(change.get_operation_display())

    @admin.display(description=_("row"))
    def place(self, change: Change) -> str:
        return f"{table_name(change.table)} {change.row_id}"

    @admin.display(description=_("changes"))
    def summary(self, change: Change) -> SafeString:
        changed = [field for field in self._fields(change) if field.changed and field.name not in _SAID_BESIDE]
        parts = [
            format_html(
                '<span class="change-summary"><span class="soft">{}</span> {}</span>', field.label, _told(change, field)
            )
            for field in changed[:_SHOWN]
        ]
        more = len(changed) - _SHOWN
        if more > 0:
            words = ngettext("and %(more)s more", "and %(more)s more", more) % {"more": more}
            parts.append(format_html('<span class="soft">{}</span>', words))
        return SafeString(" ".join(parts))

    @admin.display(description=_("before and after"))
    def differences(self, change: Change) -> SafeString:
        return render_to_string("admin/parts/change_table.html", {"change": change, "fields": self._fields(change)})

    @staticmethod
    def _fields(change: Any) -> list[FieldChange]:
        kept: list[FieldChange] | None = getattr(change, "told", None)
        if kept is None:
            kept = read([(change.table, exact(change.before_text), exact(change.after_text))])[0]
        return kept
