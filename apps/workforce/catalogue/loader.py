"""The shipped catalogues of the workforce: dimensions and groups, items, GB 6441, diseases, training topics."""

from pathlib import Path
from typing import Final

from apps.submissions.shipped import Shipment, shipments
from apps.workforce.models import (
    AccidentType,
    Dimension,
    DiseaseCategory,
    LabourItem,
    StandardItem,
    TrainingTopic,
    WorkforceGroup,
    WorkforceMeasure,
)

FOLDER: Final = Path(__file__).resolve().parent

WORKFORCE = shipments.register(
    Shipment(
        code="workforce",
        folder=FOLDER,
        catalogues=(
            (Dimension, "dimensions.csv"),
            (WorkforceGroup, "groups.csv"),
            (WorkforceMeasure, "measures.csv"),
            (LabourItem, "labour_items.csv"),
            (StandardItem, "standard_items.csv"),
            (AccidentType, "accident_types.csv"),
            (DiseaseCategory, "disease_categories.csv"),
            (TrainingTopic, "training_topics.csv"),
        ),
    )
)
