"""The annual report: what the exchange asks for, what the group says, and what was published."""

from apps.reporting.models.editions import Edition, EditionFile, EditionPart
from apps.reporting.models.guides import Guide, Obligation, Provision, ProvisionKind
from apps.reporting.models.restatements import RestatedFigure, Restatement, RestatementKind, RestatementState
from apps.reporting.models.statements import Statement, StatementEvent, StatementKind, StatementState, StatementVerb
from apps.reporting.models.targets import TargetReview, TargetVerdict
from apps.reporting.models.templates import ReportTemplate, TemplateLanguage, template_for

__all__ = [
    "Edition",
    "EditionFile",
    "EditionPart",
    "Guide",
    "Obligation",
    "Provision",
    "ProvisionKind",
    "ReportTemplate",
    "RestatedFigure",
    "Restatement",
    "RestatementKind",
    "RestatementState",
    "Statement",
    "StatementEvent",
    "StatementKind",
    "StatementState",
    "StatementVerb",
    "TargetReview",
    "TargetVerdict",
    "TemplateLanguage",
    "template_for",
]
