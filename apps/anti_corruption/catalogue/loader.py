"""The shipped catalogues of anti-corruption, and the questions with which a new statement starts."""

from pathlib import Path
from typing import Final

from apps.anti_corruption.models import Document, DocumentVersion, Post, Question
from apps.submissions.shipped import Shipment, read, shipments

FOLDER: Final = Path(__file__).resolve().parent

ANTI_CORRUPTION: Final = shipments.register(
    Shipment(
        code="anti_corruption",
        folder=FOLDER,
        catalogues=((Post, "posts.csv"), (Document, "documents.csv")),
    )
)


def first_questions(version: DocumentVersion) -> list[Question]:
    """The eight questions, unsaved, for a statement that follows no other."""
    return [
        Question(version=version, position=position, **values)
        for position, values in enumerate(read(FOLDER / "questions.csv"), start=1)
    ]
