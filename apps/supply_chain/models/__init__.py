"""Suppliers of the group, how they are assessed, and what a site reports of them."""

from apps.supply_chain.models.annual import PracticeKind, SupplierYear, SupplyPractice, TenderYear
from apps.supply_chain.models.assessments import (
    Assessment,
    AssessmentFile,
    AssessmentKind,
    AssessmentResult,
    CorrectiveAction,
    FileAbout,
    LabourFinding,
)
from apps.supply_chain.models.suppliers import Supplier, SupplierRegion, SupplyCategory
from apps.supply_chain.models.tenders import (
    Bid,
    BidFile,
    KnockOut,
    KnockOutResult,
    Score,
    StatedInterest,
    Tender,
    TenderAttribute,
    TenderScorer,
    TenderState,
    TenderWeight,
)

__all__ = [
    "Assessment",
    "AssessmentFile",
    "AssessmentKind",
    "AssessmentResult",
    "Bid",
    "BidFile",
    "CorrectiveAction",
    "FileAbout",
    "KnockOut",
    "KnockOutResult",
    "LabourFinding",
    "PracticeKind",
    "Score",
    "StatedInterest",
    "Supplier",
    "SupplierRegion",
    "SupplierYear",
    "SupplyCategory",
    "SupplyPractice",
    "Tender",
    "TenderAttribute",
    "TenderScorer",
    "TenderState",
    "TenderWeight",
    "TenderYear",
]
