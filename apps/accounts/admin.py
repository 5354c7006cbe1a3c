"""Forms for people, and what their admin needs of Django's own. Registered in submissions/admin, with roles."""

from typing import Any

from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User


class NewPersonForm(UserCreationForm[User]):
    """A name to sign in with, a name to be called by, and a first password."""

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username", "full_name", "email", "language")


class PersonForm(UserChangeForm[User]):
    class Meta(UserChangeForm.Meta):
        model = User
        fields = ("username", "full_name", "email", "language", "is_active", "is_superuser")
        labels: Any = {"is_active": _("may sign in")}
        help_texts: Any = {
            "is_active": _("Untick it when somebody leaves: people are never deleted, their work names them."),
            "is_superuser": _("An administrator without a role; opens no lock and approves nothing."),
        }
