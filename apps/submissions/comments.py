"""What is said about a submission: remarks, and questions that stay open until a reviewer settles them."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from apps.accounts.models import User
from apps.submissions import policies
from apps.submissions.models import Comment, Submission

TEXT_LENGTH = 2000


def remark(submission: Submission, user: User, text: str, *, row: str = "", is_question: bool = False) -> Comment:
    if not policies.may_review(user, submission):
        raise PermissionDenied
    return Comment.objects.create(
        submission=submission, row=row, text=text.strip(), is_question=is_question, author=user
    )


def settle(submission: Submission, comment_id: int, user: User) -> Comment:
    """The reviewer takes the answer for good. Settling twice changes nothing."""
    if not policies.may_review(user, submission):
        raise PermissionDenied
    question = submission.comments.select_for_update().filter(pk=comment_id, is_question=True).first()
    if question is None:
        raise Http404
    if question.settled_at is None:
        question.settled_by = user
        question.settled_at = timezone.now()
        question.save(update_fields=["settled_by", "settled_at"])
    return question
