"""Forms for people. Their admin, with roles and sections, is registered in submissions/admin."""

from typing import Any

from django.contrib.auth.forms import UserCreationForm, UsernameField
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.admin import WholeRowForm


class NewPersonForm(UserCreationForm[User]):
    """A name to sign in with, a name to be called by, and a first password."""

    class Meta:
        model = User
        fields = ("username", "full_name", "email", "language")
        field_classes: Any = {"username": UsernameField}


class PersonForm(WholeRowForm):
    class Meta:
        model = User
        fields = ("username", "full_name", "email", "language", "is_active", "is_superuser")
        field_classes: Any = {"username": UsernameField}
        labels: Any = {"is_active": _("May sign in")}
        help_texts: Any = {
            "is_active": _("Untick it when somebody leaves. People are never deleted: their work names them."),
            "is_superuser": _("An administrator without a role. It opens no lock and approves nothing."),
        }
