"""HKEX aspects B1-B4: catalogues and records of the workforce sections."""

from apps.workforce.models.breakdown import (
    Dimension,
    MeasureKind,
    RosterColumn,
    RosterUpload,
    WorkforceCount,
    WorkforceGroup,
    WorkforceMeasure,
    breakdown_rows,
)
from apps.workforce.models.conventions import LostDays, Turnover, YearConvention
from apps.workforce.models.labour import (
    LabourItem,
    LabourKind,
    LabourRecord,
    Remedy,
    RemedyKind,
    SiteLabourItem,
    StandardItem,
    StandardKind,
    StandardRecord,
    standard_rows,
)
from apps.workforce.models.safety import (
    AccidentType,
    DiseaseCase,
    DiseaseCategory,
    Injury,
    InjuryFollowUp,
    InjurySeverity,
    Outcome,
    SafetyMeasure,
    SafetyMeasureKind,
)
from apps.workforce.models.sums import LabourSum
from apps.workforce.models.training import TrainingCourse, TrainingTopic

__all__ = [
    "AccidentType",
    "Dimension",
    "DiseaseCase",
    "DiseaseCategory",
    "Injury",
    "InjuryFollowUp",
    "InjurySeverity",
    "LabourItem",
    "LabourKind",
    "LabourRecord",
    "LabourSum",
    "LostDays",
    "MeasureKind",
    "Outcome",
    "Remedy",
    "RemedyKind",
    "RosterColumn",
    "RosterUpload",
    "SafetyMeasure",
    "SafetyMeasureKind",
    "SiteLabourItem",
    "StandardItem",
    "StandardKind",
    "StandardRecord",
    "TrainingCourse",
    "TrainingTopic",
    "Turnover",
    "WorkforceCount",
    "WorkforceGroup",
    "WorkforceMeasure",
    "YearConvention",
    "breakdown_rows",
    "standard_rows",
]
