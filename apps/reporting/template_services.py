"""Keeping Word templates."""

import hashlib
from pathlib import PurePath
from typing import Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.reporting import policies
from apps.reporting.models import ReportTemplate
from apps.reporting.template_check import problems

_NAME_LENGTH: Final = 200


class TemplateRefused(ValueError):
    """A template that cannot be used; ``problems`` are sentences for whoever sent it."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@transaction.atomic
def keep_template(*, name: str, content: bytes, language: str, user: User) -> ReportTemplate:
    """From now on the template of ``language``; of all where that is empty. Raises TemplateRefused."""
    if not policies.may_change_template(user):
        raise PermissionDenied
    wrong = problems(content)
    if wrong:
        raise TemplateRefused(wrong)
    return _kept(PurePath(name).name[-_NAME_LENGTH:], content, language, user)


@transaction.atomic
def use_own_template(*, language: str, user: User) -> ReportTemplate:
    """From now on the portal's own again. What was uploaded before stays in the list."""
    if not policies.may_change_template(user):
        raise PermissionDenied
    return _kept(_("The portal's own template"), b"", language, user)


def _kept(name: str, content: bytes, language: str, user: User) -> ReportTemplate:
    return ReportTemplate.objects.create(
        name=name,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        language=language,
        uploaded_by=user,
    )
