"""What the checks need from outside the form: a fixed number of questions for all sheets."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from apps.submissions.findings import row_id
from apps.submissions.models import Evidence
from apps.submissions.sheets import Sheet

PROVEN: Final = "proven_rows"


def files_of_rows(sheets: Sequence[Sheet]) -> None:
    """For each sheet the lines of signed statements that have a file attached."""
    files = Evidence.objects.filter(
        submission__in=[sheet.submission.pk for sheet in sheets], row__startswith=row_id("declarations_signed", "")
    )
    proven: dict[int, set[str]] = defaultdict(set)
    for submission_id, row in files.values_list("submission_id", "row"):
        proven[submission_id].add(row)
    for sheet in sheets:
        sheet.beside[PROVEN] = proven[sheet.submission.pk]
