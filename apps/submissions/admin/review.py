"""Submissions in the admin: a list to narrow down, and the page on which one is reviewed. Nothing is typed over."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from apps.accounts.http import person_of
from apps.accounts.models import User
from apps.core.admin import FewOrChosenFilter, Menu, PolicyModelAdmin, ScopedFilter
from apps.core.formats import NO_VALUE
from apps.organisation.choices import Role
from apps.organisation.models import Period
from apps.organisation.policies import has_role, may_use_admin
from apps.submissions import bulk, places, policies
from apps.submissions.admin.decisions import BulkViews, DecisionViews
from apps.submissions.admin.organisation import SectionFilter, section_title
from apps.submissions.choices import REVIEWER_LABELS
from apps.submissions.exchange.admin import RecordExchangeViews
from apps.submissions.marks import mark_of
from apps.submissions.models import Submission
from apps.submissions.review import load_review


class StateFilter(admin.SimpleListFilter):
    """In the reviewer's words, and lateness, which is no state of its own."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [*((state.value, label) for state, label in REVIEWER_LABELS.items()), ("late", _("Late"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "late":
            return queryset.late()  # type: ignore[attr-defined,no-any-return]
        return queryset.filter(state=self.value()) if self.value() else queryset


class PeriodFilter(admin.SimpleListFilter):
    """The periods of the chosen year; without one, a year is to be chosen first."""

    title = _("period")
    parameter_name = "period"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        chosen = request.GET.get("period__year__id__exact", "")
        if not chosen.isdecimal() or len(chosen) > 9:
            code = request.GET.get(self.parameter_name)
            return [(code, code)] if code else []
        return [(period.code, period.label) for period in Period.objects.filter(year=int(chosen))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(period__code=self.value()) if self.value() else queryset


@admin.register(Submission)
class SubmissionAdmin(DecisionViews, BulkViews, RecordExchangeViews, PolicyModelAdmin[Submission]):
    """Read by everybody whose sites these are; decided on by their reviewers, through the workflow alone."""

    menu = Menu.REVIEW
    list_display = ("period_label", "site", "section_name", "standing", "due", "handed_in", "approval")
    list_display_links = ("period_label",)
    list_filter = (
        StateFilter,
        ("site", FewOrChosenFilter),
        ("period__year", ScopedFilter),
        PeriodFilter,
        SectionFilter,
    )
    list_select_related = ("site", "period__year", "submitted_by", "approved_by")
    # Not searched as it stands: see get_search_results.
    search_fields = ("site__code", "period__code")
    search_help_text = _("Name or code of a site, or a period such as 2020-03.")
    ordering = ("-period__starts_on", "-period__ends_on", "site__position", "section", "pk")
    actions = ("approve_selected", "send_back_selected", "export_selected")

    def may_view(self, user: User) -> bool:
        return may_use_admin(user)

    def scope(self, user: User) -> Q:
        return policies.visible_to(user)

    def has_review_permission(self, request: HttpRequest) -> bool:
        return has_role(person_of(request), (Role.REVIEWER, Role.LEAD_REVIEWER))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/approve/", view(self.approve_view), name="submissions_submission_approve"),
            path("<int:pk>/send-back/", view(self.send_back_view), name="submissions_submission_send_back"),
            path("<int:pk>/reopen/", view(self.reopen_view), name="submissions_submission_reopen"),
            path("<int:pk>/comment/", view(self.comment_view), name="submissions_submission_comment"),
            path("<int:pk>/settle/<int:comment_pk>/", view(self.settle_view), name="submissions_submission_settle"),
            path("bulk/<slug:verb>/", view(self.bulk_view), name="submissions_submission_bulk"),
            *super().get_urls(),
        ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Submission], search_term: str
    ) -> tuple[QuerySet[Submission], bool]:
        return queryset.filter(places.meant(search_term, "site", "period")), False

    @admin.display(description=_("period"), ordering="period__starts_on")
    def period_label(self, submission: Submission) -> str:
        return submission.period.label

    @admin.display(description=_("section"), ordering="section")
    def section_name(self, submission: Submission) -> str:
        return section_title(submission.section)

    @admin.display(description=_("state"), ordering="state")
    def standing(self, submission: Submission) -> SafeString:
        mark = mark_of(submission, for_reviewer=True)
        return format_html(
            '<span class="state state--{}"><span class="state__sign" aria-hidden="true">{}</span>{}</span>',
            mark.code,
            mark.sign,
            mark.label,
        )

    @admin.display(description=_("due on"), ordering="period__due_on")
    def due(self, submission: Submission) -> Any:
        return submission.period.due_on

    @admin.display(description=_("handed in"), ordering="submitted_at")
    def handed_in(self, submission: Submission) -> SafeString | str:
        return self._stamp(submission.submitted_at, submission.submitted_by)

    @admin.display(description=_("approved"), ordering="approved_at")
    def approval(self, submission: Submission) -> SafeString | str:
        return self._stamp(submission.approved_at, submission.approved_by)

    @staticmethod
    def _stamp(at: Any, by: User | None) -> SafeString | str:
        if at is None:
            return NO_VALUE
        day = date_format(localtime(at), "SHORT_DATE_FORMAT")
        return format_html('{}<span class="stamp-by">{}</span>', day, by or "")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The review page. It takes no form: decisions have their own addresses."""
        submission = self.get_object(request, object_id)
        if submission is None:
            raise Http404
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        return self.render_review(request, submission)

    def render_review(self, request: HttpRequest, submission: Submission, decision: Any = None) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": str(submission),
            "opts": self.opts,
            "page": load_review(person_of(request), submission, decision),
        }
        return TemplateResponse(request, "admin/submissions/review.html", context)

    @admin.action(description=_("Approve …"), permissions=["review"])
    def approve_selected(self, request: HttpRequest, queryset: QuerySet[Submission]) -> HttpResponse | None:
        return self.confirm(request, bulk.BulkVerb.APPROVE, queryset)

    @admin.action(description=_("Send back …"), permissions=["review"])
    def send_back_selected(self, request: HttpRequest, queryset: QuerySet[Submission]) -> HttpResponse | None:
        return self.confirm(request, bulk.BulkVerb.SEND_BACK, queryset)
