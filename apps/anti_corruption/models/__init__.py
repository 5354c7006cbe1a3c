"""HKEX aspect B7: documents, who signs them, what people declare, conflicts, gifts, cases, and the annual form."""

from apps.anti_corruption.models.annual import (
    Audience,
    Channel,
    ChannelKind,
    IntegrityCount,
    IntegrityTraining,
    Measure,
    SignedYear,
)
from apps.anti_corruption.models.campaigns import Campaign, Duty, DutyState, Occasion, Reminder
from apps.anti_corruption.models.cases import CaseOutcome, CaseSubject, ConcludedCase
from apps.anti_corruption.models.conflicts import ConcernedPerson, Conflict, Decision, NamedPartner, Ruling
from apps.anti_corruption.models.declarations import Declaration, Opening, Refusal, TextRead
from apps.anti_corruption.models.documents import (
    Document,
    DocumentKind,
    DocumentVersion,
    Question,
    QuestionKind,
)
from apps.anti_corruption.models.gifts import Gift, GiftHandling, Handling
from apps.anti_corruption.models.posts import IntegritySettings, Post, PostHolder, Rank

__all__ = [
    "Audience",
    "Campaign",
    "CaseOutcome",
    "CaseSubject",
    "Channel",
    "ChannelKind",
    "ConcernedPerson",
    "ConcludedCase",
    "Conflict",
    "Decision",
    "Declaration",
    "Document",
    "DocumentKind",
    "DocumentVersion",
    "Duty",
    "DutyState",
    "Gift",
    "GiftHandling",
    "Handling",
    "IntegrityCount",
    "IntegritySettings",
    "IntegrityTraining",
    "Measure",
    "NamedPartner",
    "Occasion",
    "Opening",
    "Post",
    "PostHolder",
    "Question",
    "QuestionKind",
    "Rank",
    "Refusal",
    "Reminder",
    "Ruling",
    "SignedYear",
    "TextRead",
]
