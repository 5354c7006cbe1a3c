"""Every record kind as a list to read: made from the sections, so that a new kind has its list at once."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.accounts.http import person_of
from apps.core.admin import MOST_DIGITS, FewOrChosenFilter, Menu, ScopedFilter
from apps.core.formats import NO_VALUE, typed
from apps.core.units import UNITS
from apps.organisation.models import Period
from apps.submissions.admin.trail import HangsOnSubmission
from apps.submissions.attention import review_url
from apps.submissions.choices import REVIEWER_LABELS, State
from apps.submissions.models import QuantityRecord, Record, Submission
from apps.submissions.sections import Table, sections

_ALONG_PERIODS = ("-submission__period__starts_on", "-submission__period__ends_on")


class YearFilter(ScopedFilter):
    """By the year of the submission. Beside the year it names the submissions from the year's first to its last.

    That changes nothing about what is found. But the database keeps account of how records lie along submissions: of a
    year that has just begun it sees at once that there are none, instead of looking at each of its forms.
    """

    def __init__(
        self, field: Any, request: HttpRequest, params: Any, model: Any, model_admin: Any, field_path: str
    ) -> None:
        self._section = model_admin.section_code
        super().__init__(field, request, params, model, model_admin, field_path)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        found: Any = super().queryset(request, queryset)
        chosen = [int(text) for text in self.lookup_val or () if text.isdecimal() and len(text) < MOST_DIGITS]
        if not chosen:
            return found  # type: ignore[no-any-return]
        forms = Submission.objects.filter(period=OuterRef("pk"), section=self._section).values("pk")
        ends = (
            Period.objects.filter(year__in=chosen)
            .order_by()
            .values_list(Subquery(forms.order_by("pk")[:1]), Subquery(forms.order_by("-pk")[:1]))
        )
        numbers = [number for first_and_last in ends for number in first_and_last if number is not None]
        if not numbers:
            return found.none()  # type: ignore[no-any-return]
        return found.filter(submission_id__gte=min(numbers), submission_id__lte=max(numbers))  # type: ignore[no-any-return]


class RecordAdmin(HangsOnSubmission):
    """What was entered, by whom, in which submission. Changed on the entry page alone."""

    menu = Menu.RECORDS
    table_code: str
    section_code: str

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """A year has forms of many sections: only those of this one are looked into."""
        records = super().get_queryset(request)
        return records.filter(submission__section=self.section_code) if self.is_narrowed(request) else records

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """The newest first. What is narrowed down runs along the periods and submissions that are meant: along the
        records, a year in the middle would be looked for among millions of others.
        """
        narrowed = self.is_narrowed(request) or self.scope(person_of(request))
        return (*_ALONG_PERIODS, "-submission_id", "-pk") if narrowed else ("-pk",)

    @admin.display(description=_("row"))
    def row(self, record: Record) -> str:
        return " · ".join(str(getattr(record, name)) for name in record.row_fields) or str(record)

    @admin.display(description=_("submission"))
    def submission_link(self, record: Any) -> SafeString:
        key = record.row_key if isinstance(record, QuantityRecord) else str(record.pk)
        url = review_url(record.submission, f"{self.table_code}:{key}")
        submission = record.submission
        return format_html('<a href="{}">{} · {}</a>', url, submission.site.name, submission.period.label)

    @admin.display(description=_("state"))
    def submission_state(self, record: Record) -> str:
        return str(REVIEWER_LABELS[State(record.submission.state)])

    @admin.display(description=_("quantity"))
    def amount(self, record: QuantityRecord) -> SafeString | str:
        if record.quantity is None:
            return str(record.get_state_display())
        item = getattr(record, record.row_fields[0])
        return format_html(
            '<span class="number">{}</span> <span class="unit">{}</span>', typed(record.quantity), item.unit.label
        )

    @admin.display(description=_("as typed"))
    def as_typed(self, record: QuantityRecord) -> str:
        if record.entered_value is None:
            return NO_VALUE
        return f"{typed(record.entered_value)} {UNITS[record.entered_unit].label}"


def record_admin(table: Table, section: str) -> type[RecordAdmin]:
    """The list of one record kind of ``section``, with its catalogue rows as columns to filter by."""
    is_quantity = issubclass(table.model, QuantityRecord)
    shown = ("row", *(("amount", "as_typed", "method") if is_quantity else ()), "submission_link", "submission_state")
    stored = [
        field.name
        for field in table.model._meta.concrete_fields
        if field.name not in ("id", "submission", "quantity", "entered_value", "entered_unit")
    ]
    fields = ("submission_link", "submission_state", *(("amount", "as_typed") if is_quantity else ()), *stored)
    body = {
        "__doc__": f"Records of the table {table.code}.",
        "table_code": table.code,
        "section_code": section,
        "list_display": (*shown, "entered_by", "entered_at"),
        "list_filter": (
            ("submission__site", FewOrChosenFilter),
            ("submission__period__year", YearFilter),
            *((name, ScopedFilter) for name in table.model.row_fields),
        ),
        "list_select_related": (
            "submission__site",
            "submission__period__year",
            "entered_by",
            *table.model.row_fields,
        ),
        "fields": fields,
        "readonly_fields": fields,
    }
    return type(f"{table.model.__name__}Admin", (RecordAdmin,), body)


for _section in sections:
    for _table in _section.tables:
        admin.site.register(_table.model, record_admin(_table, _section.code))
