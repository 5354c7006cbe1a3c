"""Tokens with which programs read figures on behalf of a person."""

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.organisation.models import Site


class ApiToken(models.Model):
    """Lets a program read what ``owner`` may read at that moment, cut to ``sites``, until it ends or is revoked.

    Only the SHA-256 of the secret is kept. ``prefix`` is the part of it that may be shown. Nothing but revoking it
    changes a token (trigger ``api_token``).
    """

    name = models.CharField(
        pgettext_lazy("token", "name"),
        max_length=80,
        help_text=_("The program or the use, such as “Monthly dashboard of the group”."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="api_tokens",
        verbose_name=_("owner"),
        help_text=_("The token never reads more than this person may read."),
    )
    prefix = models.CharField(_("begins with"), max_length=8, unique=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True)
    whole_group = models.BooleanField(
        _("whole group"), default=False, help_text=_("Every site of the owner, the totals of the group and the report.")
    )
    sites: "models.ManyToManyField[Site, ApiTokenSite]" = models.ManyToManyField(
        Site, through="ApiTokenSite", related_name="+", verbose_name=_("sites")
    )
    expires_on = models.DateField(pgettext_lazy("token", "last day"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=pgettext_lazy("token", "made by"),
    )
    created_at = models.DateTimeField(pgettext_lazy("token", "made"), db_default=TransactionNow(), editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("revoked by"),
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    # Written at most once a minute, and no change that the trail would tell.
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ("-created_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                name="apitoken_name_of_owner",
                fields=["owner", "name"],
                condition=Q(revoked_at__isnull=True),
                violation_error_message=_(
                    "This person has a token of this name already. Revoke it, or choose another name."
                ),
            ),
            models.CheckConstraint(
                name="apitoken_revoked_by_somebody",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                violation_error_message=_("A revoked token names who revoked it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_expired(self) -> bool:
        """After its last day, by the clock of the portal."""
        return timezone.localdate() > self.expires_on

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None and not self.is_expired


class ApiTokenSite(models.Model):
    """A site that a token reads. They are named when it is made and stay."""

    token = models.ForeignKey(ApiToken, on_delete=models.PROTECT, related_name="places", verbose_name=_("API token"))
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("site"))

    class Meta:
        verbose_name = _("site of an API token")
        verbose_name_plural = _("sites of API tokens")
        ordering = ("token", "site")
        constraints = [
            models.UniqueConstraint(
                name="apitokensite_once",
                fields=["token", "site"],
                violation_error_message=_("The token names this site already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.token} · {self.site}"
