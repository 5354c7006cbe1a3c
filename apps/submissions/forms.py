"""Forms of the staff pages that are not grids."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.organisation.models import ReportingYear, Site
from apps.organisation.policies import visible_sites
from apps.submissions.choices import State
from apps.submissions.models import Comment
from apps.submissions.sections import sections

_LATE = "late"
# More sites than these are searched for: nobody finds theirs in a longer list, least of all on a phone.
_MOST_SITES_OFFERED = 50
_SITE_IS_CALLED = ("code", "name_en", "name_zh_hans", "name_zh_hant")


class SubmissionFilter(forms.Form):
    """Narrows the list of submissions. Choices are those the person may see; a wrong one is ignored."""

    year = forms.ChoiceField(label=_("Reporting year"), required=False)
    site = forms.ChoiceField(label=_("Site"), required=False)
    section = forms.ChoiceField(label=_("Section"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = ("", _("All"))
        sites = [(site.code, site.name) for site in Site.objects.filter(visible_sites(user))[: _MOST_SITES_OFFERED + 1]]
        choices: dict[str, list[tuple[str, Any]]] = {
            "year": [everything, *((code, code) for code in ReportingYear.objects.values_list("code", flat=True))],
            "site": [everything, *sites],
            "section": [everything, *((section.code, section.title) for section in sections)],
            "state": [everything, *State.choices, (_LATE, _("Late"))],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        if len(sites) < 2:
            del self.fields["site"]
        elif len(sites) > _MOST_SITES_OFFERED:
            self.fields["site"] = forms.CharField(label=_("Site: code or name"), required=False, max_length=120)

    def condition(self) -> Q:
        """The chosen rows, but for lateness, which the queryset knows."""
        self.is_valid()
        chosen = self.cleaned_data
        condition = Q()
        for name, path in (("year", "period__year__code"), ("section", "section")):
            if chosen.get(name):
                condition &= Q(**{path: chosen[name]})
        if chosen.get("site"):
            condition &= self._at(chosen["site"])
        if chosen.get("state") and chosen["state"] != _LATE:
            condition &= Q(state=chosen["state"])
        return condition

    def _at(self, site: str) -> Q:
        """At the site that is chosen by its code, or at those that are called so where they are searched for."""
        if isinstance(self.fields["site"], forms.ChoiceField):
            return Q(site__code=site)
        called = Q()
        for name in _SITE_IS_CALLED:
            called |= Q(**{f"{name}__icontains": site})
        return Q(site__in=Site.objects.filter(called).order_by())

    @property
    def only_late(self) -> bool:
        self.is_valid()
        return bool(self.cleaned_data.get("state") == _LATE)


class CommentForm(forms.ModelForm[Comment]):
    """An answer to the reviewer, or a word of one's own."""

    class Meta:
        model = Comment
        fields = ("row", "text")
        widgets = {"row": forms.HiddenInput, "text": forms.Textarea(attrs={"rows": 2})}
