"""The receipt of a signature as a PDF file: in the language that was signed, and always the same bytes."""

from collections.abc import Iterator

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.debug import sensitive_variables

from apps.anti_corruption.answers import Answer
from apps.anti_corruption.models import Declaration, DocumentVersion
from apps.anti_corruption.signing import pages
from apps.core.pdf import PdfDocument
from apps.organisation.models import Group


@sensitive_variables()
def receipt_pdf(declaration: Declaration) -> bytes:
    """What was signed, for the signer. Nothing in it depends on when or by whom it is asked for."""
    with translation.override(declaration.language):
        title = declaration.statement.document.name
        document = PdfDocument(title=title, made_at=declaration.signed_at, language=declaration.language)
        document.paragraph(" · ".join((Group.current().name, _("Receipt"))))
        document.table(_particulars(declaration))
        document.heading(_("Your answers"))
        for number, told in enumerate(pages.told(declaration, declaration.signer), start=1):
            document.paragraph(f"{number}. {told.question}", is_soft=True)
            document.paragraph(_words(told.answer))
        document.paragraph(pages.recompute(declaration), is_small=True)
        return document.content()


def _particulars(declaration: Declaration) -> Iterator[tuple[str, str]]:
    signed = timezone.localtime(declaration.signed_at)
    duty = declaration.duty
    yield _("Signed by"), declaration.signed_name
    yield _("Position"), f"{duty.post.name}, {duty.site.name}"
    yield _("Round of signing"), duty.campaign.name
    yield _("Signed on"), f"{signed:%Y-%m-%d %H:%M:%S} ({pages.zone(signed)})"
    yield _("Language"), str(declaration.get_language_display())
    yield _("Network address"), declaration.address or "–"
    yield pgettext("to sign", "Statement"), _version(declaration.statement, declaration.statement_sha256)
    yield _("Code of conduct"), _version(declaration.conduct, declaration.conduct_sha256)
    if declaration.replaces is not None:
        yield _("Correction because"), declaration.replaced_because
        yield _("Digest of the replaced declaration"), f"SHA-256 {declaration.replaces.sha256}"
    yield _("Digest of the declaration"), f"SHA-256 {declaration.sha256}"


def _version(version: DocumentVersion, digest: str) -> str:
    word = _("version")
    return f"{version.document.name}, {word} {version.number}\nSHA-256 {digest}"


def _words(answer: Answer) -> str:
    if answer.none:
        return _("Nothing to declare")
    lines = [answer.details]
    if answer.partners:
        lines.append(": ".join((_("Business partners concerned"), " · ".join(answer.partners))))
    if answer.people:
        lines.append(": ".join((_("People concerned"), " · ".join(answer.people))))
    return "\n".join(lines)
