"""A submission, its records, and what is attached to it."""

from apps.submissions.models.attachments import Comment, Evidence, Explanation, KeptFile, NothingToReport
from apps.submissions.models.records import QuantityRecord, Record
from apps.submissions.models.submission import Submission, SubmissionQuerySet
from apps.submissions.models.trail import Seal, SubmissionEvent, Unlock

__all__ = [
    "Comment",
    "Evidence",
    "Explanation",
    "KeptFile",
    "NothingToReport",
    "QuantityRecord",
    "Record",
    "Seal",
    "Submission",
    "SubmissionEvent",
    "SubmissionQuerySet",
    "Unlock",
]
