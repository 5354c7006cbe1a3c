"""What people read, sign and refuse, and who reads it afterwards.

All of it is append-only, so these rows are their own trail; the audit trail, which more people may read, has none of
it. ``answers`` is one document, kept as it was signed: a list with ``kind``, ``none``, ``details``, ``partners``,
``people`` for each question (``answers.py`` writes and reads them).
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.anti_corruption.models.campaigns import Duty
from apps.anti_corruption.models.documents import DocumentVersion

_DIGEST = r"^[0-9a-f]{64}$"


class TextRead(models.Model):
    """Somebody opened a text to its end, in a language. Without it there is no signing."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="texts_read", verbose_name=_("duty to sign"))
    version = models.ForeignKey(
        DocumentVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("version of a document")
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    read_at = models.DateTimeField(_("read"))

    class Meta:
        verbose_name = _("text read")
        verbose_name_plural = _("texts read")
        ordering = ("duty", "read_at")
        constraints = [
            models.UniqueConstraint(
                name="textread_once",
                fields=["duty", "version", "language"],
                violation_error_message=_("This is noted already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.version} · {self.language}"


class Declaration(models.Model):
    """A signed statement. It never changes; a correction is another one that ``replaces`` it, with a reason."""

    duty = models.ForeignKey(
        Duty, on_delete=models.PROTECT, related_name="declarations", verbose_name=_("duty to sign")
    )
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("signed by")
    )
    signed_at = models.DateTimeField(_("signed"))
    signed_name = models.CharField(_("name as typed"), max_length=150)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    address = models.GenericIPAddressField(_("network address"), null=True)
    statement = models.ForeignKey(
        DocumentVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("statement signed")
    )
    statement_sha256 = models.CharField(_("SHA-256 of the statement"), max_length=64)
    conduct = models.ForeignKey(
        DocumentVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("code read")
    )
    conduct_sha256 = models.CharField(_("SHA-256 of the code"), max_length=64)
    answers = models.JSONField(_("answers"))
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by", verbose_name=_("replaces")
    )
    replaced_because = models.CharField(_("why it is replaced"), max_length=500, blank=True)
    # Over all of the above, as ``digests.of_declaration`` computes it.
    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("declaration")
        verbose_name_plural = _("declarations")
        ordering = ("-signed_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                name="declaration_first_once",
                fields=["duty"],
                condition=Q(replaces__isnull=True),
                violation_error_message=_("This is signed already. Correct it with another declaration."),
            ),
            models.CheckConstraint(
                name="declaration_replaces_with_reason",
                condition=Q(replaces__isnull=True, replaced_because="")
                | Q(replaces__isnull=False) & ~Q(replaced_because=""),
                violation_error_message=_("Say why the declaration is replaced."),
            ),
            models.CheckConstraint(
                name="declaration_is_signed",
                condition=~Q(signed_name="")
                & Q(
                    sha256__regex=_DIGEST,
                    statement_sha256__regex=_DIGEST,
                    conduct_sha256__regex=_DIGEST,
                ),
                violation_error_message=_("A declaration carries a name and the digests of what was signed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signed_name} · {self.statement}"


class Refusal(models.Model):
    """Somebody declined to sign, in their own words. They may still sign later."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="refusals", verbose_name=_("duty to sign"))
    reason = models.CharField(_("reason"), max_length=1000)
    refused_at = models.DateTimeField(_("declined"))

    class Meta:
        verbose_name = _("refusal to sign")
        verbose_name_plural = _("refusals to sign")
        ordering = ("duty", "refused_at")
        constraints = [
            models.CheckConstraint(
                name="refusal_says_why",
                condition=~Q(reason=""),
                violation_error_message=_("Say why you decline."),
            )
        ]

    def __str__(self) -> str:
        return str(self.duty)


class Opening(models.Model):
    """Somebody other than the person concerned opened what was declared: answers, a refusal, a gift, or a case."""

    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("read by")
    )
    at = models.DateTimeField(_("when"))
    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, null=True, related_name="openings", verbose_name=_("declaration")
    )
    refusal = models.ForeignKey(
        Refusal, on_delete=models.PROTECT, null=True, related_name="openings", verbose_name=_("refusal to sign")
    )
    gift = models.ForeignKey(
        "anti_corruption.Gift", on_delete=models.PROTECT, null=True, related_name="openings", verbose_name=_("gift")
    )
    case = models.ForeignKey(
        "anti_corruption.ConcludedCase",
        on_delete=models.PROTECT,
        null=True,
        related_name="openings",
        verbose_name=_("concluded case"),
    )

    class Meta:
        verbose_name = _("reading of what was declared")
        verbose_name_plural = _("readings of what was declared")
        ordering = ("-at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="opening_of_one_thing",
                condition=Q(declaration__isnull=False, refusal__isnull=True, gift__isnull=True, case__isnull=True)
                | Q(declaration__isnull=True, refusal__isnull=False, gift__isnull=True, case__isnull=True)
                | Q(declaration__isnull=True, refusal__isnull=True, gift__isnull=False, case__isnull=True)
                | Q(declaration__isnull=True, refusal__isnull=True, gift__isnull=True, case__isnull=False),
                violation_error_message=_("A reading is of one thing."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.reader} · {self.at:%Y-%m-%d}"
