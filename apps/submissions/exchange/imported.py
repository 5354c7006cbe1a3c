"""The file that a person imported last, known again when it comes once more.

Whoever is not sure whether a file went in sends it again. As long as nothing has moved in the forms that it names, and
nothing that its words or the person's roles rest on, every row of it is recorded already, and it need not be read.
Otherwise it is checked like any other file. Whether something moved is told by the audit trail, which no way of writing
passes by, and by the revisions of the forms, which their states cannot change without.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.core.cache import cache

from apps.accounts.models import User
from apps.audit.models import Change
from apps.submissions.exchange.basis import Basis
from apps.submissions.exchange.report import Summary, told
from apps.submissions.models import Submission

_SECONDS: Final = 24 * 3600


@dataclass(frozen=True, kw_only=True)
class Imported:
    """``words`` is the basis of what the rows name, ``moved`` how often the ``forms`` had been written to."""

    digest: str
    sheet: str
    forms: Sequence[int]
    words: str
    moved: tuple[int, int]
    result: Summary


def remembered(user: User, digest: str, sheet: str, forms: Mapping[str, Sequence[int]], result: Summary) -> Imported:
    """What to ``keep`` of an import whose rows are all written, called in its transaction."""
    numbers = sorted(pk for of_section in forms.values() for pk in of_section)
    return Imported(digest=digest, sheet=sheet, forms=numbers, words=_words(user), moved=_moved(numbers), result=result)


def keep(user: User, imported: Imported) -> None:
    """Call it once that is committed."""
    cache.set(_key(user), imported, _SECONDS)


def known(user: User, digest: str, sheet: str) -> Summary | None:
    """What a check of this file would say; None where only a check can tell."""
    kept: Imported | None = cache.get(_key(user))
    if kept is None or (kept.digest, kept.sheet) != (digest, sheet):
        return None
    if kept.moved != _moved(kept.forms) or kept.words != _words(user):
        return None
    rows = kept.result.rows
    return replace(
        kept.result,
        new=0,
        changed=0,
        unchanged=rows,
        warnings=[],
        warning_count=0,
        differences=[],
        written=False,
        words=told(rows, 0, 0, rows),
    )


def _key(user: User) -> str:
    return f"exchange-imported-{user.pk}"


def _words(user: User) -> str:
    basis = Basis(user)
    basis.note_words()
    return basis.text


def _moved(forms: Sequence[int]) -> tuple[int, int]:
    revisions = Submission.objects.filter(pk__in=forms).values_list("revision", flat=True)
    return Change.objects.filter(submission_id__in=forms).count(), sum(revisions)
