"""Who does what where."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.organisation.choices import INTEGRITY_ROLES, Role
from apps.organisation.models.places import Site


class Membership(models.Model):
    """A role of a person: at one site or, without a site, in the whole group; in one section or in all."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("person"),
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    site = models.ForeignKey(
        Site,
        on_delete=models.PROTECT,
        related_name="memberships",
        null=True,
        blank=True,
        verbose_name=_("site"),
        help_text=_("Empty: every site of the group."),
    )
    section = models.CharField(_("section"), max_length=40, blank=True, help_text=_("Empty: every section."))

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ("user", "role", "site")
        constraints = [
            models.UniqueConstraint(
                name="membership_once",
                fields=["user", "role", "site", "section"],
                nulls_distinct=False,
                violation_error_message=_("This person already has this role there."),
            ),
            models.CheckConstraint(
                name="membership_administrator_of_group",
                condition=~models.Q(role=Role.ADMINISTRATOR) | models.Q(site__isnull=True, section=""),
                violation_error_message=_("An administrator works for the whole group: leave site and section empty."),
            ),
            models.CheckConstraint(
                name="membership_integrity_of_all_sections",
                condition=~models.Q(role__in=INTEGRITY_ROLES) | models.Q(section=""),
                violation_error_message=_("This role belongs to no form: leave the section empty."),
            ),
        ]

    def __str__(self) -> str:
        where = self.site.name if self.site else str(_("whole group"))
        return f"{self.get_role_display()} · {where}"

    def clean(self) -> None:
        super().clean()
        if self.role == Role.ADMINISTRATOR and (self.site_id or self.section):
            raise ValidationError(_("An administrator works for the whole group: leave site and section empty."))
