"""Documents that are made in the background: a draft from what is approved now, or a file of an edition."""

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.jobs.kinds import JobError, JobKind, Result
from apps.jobs.progress import Progress
from apps.organisation.models import ReportingYear
from apps.reporting.content.builder import build
from apps.reporting.content.canonical import parsed
from apps.reporting.content.shape import Content
from apps.reporting.documents.files import FORMATS, make
from apps.reporting.models import Edition, EditionFile, TemplateLanguage, template_for
from apps.reporting.policies import may_read_report

KIND: Final = "document"
_STEPS: Final = 2


def job_title(arguments: dict[str, Any]) -> str:
    """What the list of jobs calls it: file, year, language."""
    title = next(str(each.title) for each in FORMATS if each.code == arguments["file_format"])
    language = TemplateLanguage(arguments["language"]).label if arguments["language"] else ""
    edition = (
        _("edition %(number)s") % {"number": arguments["number"]} if arguments["number"] else _("draft of the report")
    )
    return " · ".join(part for part in (title, arguments["year"], str(language), edition) if part)


def run(progress: Progress) -> Result:
    """Files of an edition that were kept when it was published are given as they are."""
    arguments = progress.arguments
    year = ReportingYear.objects.filter(code=arguments["year"]).first()
    if year is None:
        raise JobError(_("This reporting year is not there any more."))
    progress.step(0, _STEPS, _("Putting the figures and words together"))
    file_format, language = arguments["file_format"], arguments["language"]
    if arguments["number"]:
        kept = EditionFile.objects.filter(
            edition__year=year, edition__number=arguments["number"], format=file_format, language=language
        ).first()
        if kept is not None:
            return Result(name=kept.name, content_type=kept.content_type, content=kept.data)
    content = _content(year, arguments["number"])
    progress.step(1, _STEPS, _("Making the file"))
    template = template_for(language) if file_format == "docx" else None
    made = make(content, file_format, language, template=template)
    progress.step(_STEPS, _STEPS)
    return Result(name=made.name, content_type=made.content_type, content=made.content)


def _content(year: ReportingYear, number: int) -> Content:
    if number:
        edition = Edition.objects.filter(year=year, number=number).first()
        if edition is None:
            raise JobError(_("There is no such edition of this year."))
        return parsed(edition.content)
    try:
        return build(year)
    except LookupError as error:
        raise JobError(
            _("No edition of the exchange's guide covers this year. Ask an administrator to enter it.")
        ) from error


def _is_open_to(user: User, _arguments: dict[str, Any]) -> bool:
    return may_read_report(user)


DOCUMENT: Final = JobKind(code=KIND, title=gettext_lazy("Document of the report"), run=run, is_open_to=_is_open_to)
