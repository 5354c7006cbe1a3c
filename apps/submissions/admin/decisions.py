"""The POST views of the review page and of the list: every one of them leads through workflow.py or comments.py."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from apps.accounts.http import person_of
from apps.accounts.models import User
from apps.organisation.choices import Role
from apps.organisation.policies import has_role
from apps.submissions import bulk, comments, workflow
from apps.submissions.bulk import BulkVerb
from apps.submissions.decision import Decision, read_text
from apps.submissions.models import Submission
from apps.submissions.overview import next_in_queue
from apps.submissions.policies import access_submission, submissions_for
from apps.submissions.review import row_titles
from apps.submissions.sheets import load_sheet

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    _Base = ModelAdmin[Submission]
else:
    _Base = object

only_post = method_decorator(require_POST)


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 18


class RemarkForm(forms.Form):
    """A comment or a question, on the whole or on one row."""

    row = forms.ChoiceField(label=gettext_lazy("About"), required=False)
    text = forms.CharField(label=gettext_lazy("Text"), max_length=comments.TEXT_LENGTH, widget=forms.Textarea)
    kind = forms.ChoiceField(choices=[("comment", "comment"), ("question", "question")])

    def __init__(self, data: Any, rows: dict[str, str]) -> None:
        super().__init__(data)
        self.fields["row"].choices = [("", ""), *rows.items()]  # type: ignore[attr-defined]


class DecisionViews(_Base):
    """Approve, send back, reopen, comment and settle. All need the right to review: 404 and 403 as everywhere."""

    def render_review(self, request: HttpRequest, submission: Submission, decision: Any = None) -> HttpResponse:
        raise NotImplementedError

    @only_post
    def approve_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = person_of(request)
        submission = access_submission(user, pk, to_review=True)
        titles = row_titles(load_sheet(submission))
        decision = Decision.read(request.POST, titles)
        if decision.check_approve(titles):
            try:
                workflow.approve(submission_id=pk, user=user, revision=self._revision(request))
                if decision.comment:
                    comments.remark(submission, user, decision.comment)
                return self._go_on(request, submission, _("Approved: %(submission)s"))
            except workflow.Refused as refused:
                decision.errors.append(refused.message)
        return self._again(request, pk, decision)

    @only_post
    def send_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = person_of(request)
        submission = access_submission(user, pk, to_review=True)
        titles = row_titles(load_sheet(submission))
        decision = Decision.read(request.POST, titles)
        if decision.check_send_back(titles):
            try:
                workflow.send_back(
                    submission_id=pk,
                    user=user,
                    comment=decision.comment,
                    rows=list(decision.flags.items()),
                    revision=self._revision(request),
                )
                return self._go_on(request, submission, _("Sent back: %(submission)s"))
            except workflow.Refused as refused:
                decision.errors.append(refused.message)
        return self._again(request, pk, decision)

    @only_post
    def reopen_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = person_of(request)
        submission = access_submission(user, pk, to_review=True)
        decision = Decision(comment=read_text(request.POST, "comment"))
        try:
            workflow.reopen(submission_id=pk, user=user, reason=decision.comment)
        except workflow.Refused as refused:
            decision.errors.append(refused.message)
            return self._again(request, pk, decision)
        messages.success(request, _("Open again: %(submission)s") % {"submission": submission})
        return redirect("admin:submissions_submission_change", pk)

    @only_post
    def comment_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = person_of(request)
        submission = access_submission(user, pk, to_review=True)
        form = RemarkForm(request.POST, row_titles(load_sheet(submission)))
        if form.is_valid():
            said = form.cleaned_data
            is_question = said["kind"] == "question"
            comments.remark(submission, user, said["text"], row=said["row"], is_question=is_question)
        else:
            messages.error(request, _("Write what you want to say, in at most 2,000 characters."))
        return redirect("admin:submissions_submission_change", pk)

    @only_post
    def settle_view(self, request: HttpRequest, pk: int, comment_pk: int) -> HttpResponse:
        user = person_of(request)
        submission = access_submission(user, pk, to_review=True)
        comments.settle(submission, comment_pk, user)
        messages.success(request, _("The question is settled."))
        return redirect("admin:submissions_submission_change", pk)

    @staticmethod
    def _revision(request: HttpRequest) -> int:
        """The revision the page showed. A form without one is not ours: no submission has −1."""
        sent = request.POST.get("revision", "")
        return int(sent) if _is_number(sent) else -1

    def _again(self, request: HttpRequest, pk: int, decision: Decision) -> HttpResponse:
        """The page as it is now, with what was typed."""
        return self.render_review(request, access_submission(person_of(request), pk), decision)

    def _go_on(self, request: HttpRequest, submission: Submission, done: str) -> HttpResponse:
        messages.success(request, done % {"submission": submission})
        following = next_in_queue(person_of(request), submission)
        if following is None:
            messages.info(request, _("Nothing more waits for your review."))
            return redirect("admin:index")
        return redirect("admin:submissions_submission_change", following)


class BulkViews(_Base):
    """Several at once: a page that says what would happen, then each by itself, then what did happen."""

    def confirm(self, request: HttpRequest, verb: BulkVerb, queryset: QuerySet[Submission]) -> HttpResponse | None:
        submissions = list(queryset.select_related("site", "period__year")[: bulk.MOST + 1])
        if len(submissions) > bulk.MOST:
            text = _("Choose at most %(count)d submissions at once.") % {"count": bulk.MOST}
            messages.error(request, text)
            return None
        outcomes = bulk.preview(verb, person_of(request), submissions)
        return self._bulk_page(request, verb, outcomes, done=False)

    @method_decorator(transaction.non_atomic_requests)
    @only_post
    def bulk_view(self, request: HttpRequest, verb: str) -> HttpResponse:
        user = person_of(request)
        if not has_role(user, (Role.REVIEWER, Role.LEAD_REVIEWER)):
            raise PermissionDenied
        if verb not in list(BulkVerb):
            raise Http404
        chosen = BulkVerb(verb)
        seen = self._seen(request, user)
        comment = read_text(request.POST, "comment")
        if chosen == BulkVerb.SEND_BACK and not comment:
            outcomes = bulk.preview(chosen, user, [submission for submission, _revision in seen])
            messages.error(request, _("Say why they go back, so that the sites know what to do."))
            return self._bulk_page(request, chosen, outcomes, done=False)
        return self._bulk_page(request, chosen, bulk.carry_out(chosen, user, seen, comment), done=True)

    @staticmethod
    def _seen(request: HttpRequest, user: User) -> list[tuple[Submission, int]]:
        """The submissions of the confirmation page with their revisions; an unknown one is a 404."""
        pairs = [item.partition(":") for item in request.POST.getlist("item")[: bulk.MOST]]
        if not all(_is_number(pk) and _is_number(revision) for pk, _colon, revision in pairs):
            raise Http404
        revisions = {int(pk): int(revision) for pk, _colon, revision in pairs}
        found = submissions_for(user).select_related("site", "period__year").in_bulk(list(revisions))
        if len(found) != len(revisions):
            raise Http404
        return [(found[pk], revision) for pk, revision in revisions.items()]

    def _bulk_page(
        self, request: HttpRequest, verb: BulkVerb, outcomes: list[bulk.Outcome], *, done: bool
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Approve submissions") if verb == BulkVerb.APPROVE else _("Send submissions back"),
            "opts": self.opts,
            "verb": verb.value,
            "approving": verb == BulkVerb.APPROVE,
            "accepted": [outcome for outcome in outcomes if not outcome.refusal],
            "refused": [outcome for outcome in outcomes if outcome.refusal],
            "done": done,
        }
        return TemplateResponse(request, "admin/submissions/bulk.html", context)
