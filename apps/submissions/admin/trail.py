"""What has happened, to read only: events and seals of submissions, and the audit trail within one's scope."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.accounts.http import person_of
from apps.accounts.models import User
from apps.audit.admin import TrailAdmin
from apps.audit.models import Change
from apps.audit.reading import exact, read
from apps.audit.veils import open_to
from apps.core.admin import FewOrChosenFilter, Menu, ReadOnlyAdmin
from apps.core.formats import NO_VALUE
from apps.organisation.choices import Role
from apps.organisation.policies import grants, may_use_admin
from apps.submissions import places, policies
from apps.submissions.admin.own_trail import TrailChangeList, has_few_sites
from apps.submissions.attention import review_page
from apps.submissions.models import Seal, Submission, SubmissionEvent

_WHOLE_TRAIL = (Role.ADMINISTRATOR, Role.AUDITOR, Role.LEAD_REVIEWER)


def sees_whole_trail(user: User) -> bool:
    """Changes of people, roles and catalogues are for those who answer for the whole group."""
    return any(grant.role in _WHOLE_TRAIL and grant.site_id is None and not grant.section for grant in grants(user))


@admin.register(Change)
class ChangeAdmin(TrailAdmin):
    def may_view(self, user: User) -> bool:
        return may_use_admin(user)

    def scope(self, user: User) -> Q:
        """The rows of the submissions a person may see, and those submissions themselves."""
        readable = policies.visible_to(user)
        if sees_whole_trail(user):
            closed = Submission.objects.exclude(readable).order_by().values("pk")
            hidden = Q(submission_id__in=closed) | Q(table=Submission._meta.db_table, row_id__in=closed)
            return (~hidden if readable else Q()) & open_to(user)
        if not readable:
            return Q(submission_id__isnull=False) | Q(table=Submission._meta.db_table)
        visible = Submission.objects.filter(readable).order_by().values("pk")
        return Q(submission_id__in=visible) | Q(table=Submission._meta.db_table, row_id__in=visible)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[TrailChangeList]:
        return TrailChangeList

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Reads the page's rows together, so that names are looked up once."""
        listed = super().get_changelist_instance(request)
        rows: list[Any] = list(listed.result_list)
        for row, told in zip(
            rows, read([(row.table, exact(row.before_text), exact(row.after_text)) for row in rows]), strict=True
        ):
            row.told = told
        submissions = Submission.objects.with_place().in_bulk({row.submission_id for row in rows if row.submission_id})
        for row in rows:
            row.submission = submissions.get(row.submission_id)
        listed.result_list = rows
        return listed

    def get_list_display(self, request: HttpRequest) -> Any:
        return ("at", "actor_name", "what", "place", "submission_link", "summary")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("at", "actor_name", "what", "place", "submission_link", "differences", "source", "database_user")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj)

    @admin.display(description=_("submission"))
    def submission_link(self, change: Any) -> SafeString | str:
        if not hasattr(change, "submission"):
            change.submission = Submission.objects.with_place().filter(pk=change.submission_id).first()
        return review_link(change.submission) if change.submission else NO_VALUE


def review_link(submission: Submission) -> SafeString:
    return format_html('<a href="{}">{}</a>', review_page(submission.pk), submission)


class HangsOnSubmission(ReadOnlyAdmin[Any]):
    """A list of what belongs to submissions, within the person's scope."""

    menu = Menu.REVIEW
    sortable_by = ()
    # Not searched as it stands: see get_search_results.
    search_fields = ("submission__site__code", "submission__period__code")
    search_help_text = _("Name or code of a site, or a period such as 2020-03.")

    def may_view(self, user: User) -> bool:
        return may_use_admin(user)

    def scope(self, user: User) -> Q:
        return policies.rows_readable_by(user, "submission__site_id", "submission__section")

    def get_ordering(self, request: HttpRequest) -> Any:
        """The newest first. What is narrowed down is sorted: by an expression, so that others are not walked along."""
        return ((F("pk") + 0).desc(),) if self.is_narrowed(request) else ("-pk",)

    def is_narrowed(self, request: HttpRequest) -> bool:
        """Whether site, year or words, or what somebody may see, leave few submissions."""
        return bool(
            request.GET.get(SEARCH_VAR)
            or any(name.startswith("submission__") for name in request.GET)
            or has_few_sites(person_of(request))
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The few sites and periods that are meant are looked up first, so that no long table is searched through."""
        return queryset.filter(places.meant(search_term, "submission__site", "submission__period")), False

    @admin.display(description=_("submission"))
    def submission_link(self, row: Any) -> SafeString:
        return review_link(row.submission)


@admin.register(SubmissionEvent)
class EventAdmin(HangsOnSubmission):
    list_display = ("at", "verb", "submission_link", "actor", "comment")
    list_filter = ("verb", ("submission__site", FewOrChosenFilter))
    list_select_related = ("submission__site", "submission__period__year", "actor")
    fields = ("at", "verb", "submission_link", "actor", "comment", "revision")
    readonly_fields = fields


@admin.register(Seal)
class SealAdmin(HangsOnSubmission):
    list_display = ("at", "submission_link", "revision", "digest")
    list_filter = (("submission__site", FewOrChosenFilter),)
    list_select_related = ("submission__site", "submission__period__year")
    fields = ("at", "submission_link", "revision", "digest", "previous_digest", "content")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The sealed content is long; only the page of one seal reads it."""
        return super().get_queryset(request).defer("content")
