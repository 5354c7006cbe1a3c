"""People and their roles. Administrators keep both; nobody is deleted, and nobody locks themselves out."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from apps.accounts.admin import NewPersonForm, PersonForm
from apps.accounts.http import person_of
from apps.accounts.models import User
from apps.core.admin import AsksPolicies, FewOrChosenFilter, LabelledFormSet, Menu, PolicyInline, WholeRowForm
from apps.organisation import policies
from apps.organisation.admin import KeptAdmin, KeptByAdministrators
from apps.organisation.models import Membership
from apps.submissions.admin.organisation import NamesSections, SectionFilter, section_title


def memberships_for(user: User) -> QuerySet[Membership]:
    """The roles somebody may know of: those at their sites and those in the whole group."""
    visible = policies.visible_sites(user, "site")
    return Membership.objects.filter(visible | Q(site__isnull=True) if visible else Q()).select_related("site", "user")


_GIVEN_BY_ANOTHER = gettext_lazy(
    "You cannot give yourself a role that reads what people declare; ask another administrator."
)


class NamesSites(AsksPolicies[Membership]):
    """Says what an empty site means."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "site" and field is not None:
            field.empty_label = _("Every site of the group")
            field.help_text = ""
        return field


class MembershipForm(WholeRowForm):
    """A role of somebody, given by ``keeper``."""

    keeper: ClassVar[User]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        given = Membership(user=self.cleaned_data.get("user"), role=self.cleaned_data.get("role", ""))
        if self.has_changed() and not policies.may_give_role(self.keeper, given):
            raise ValidationError(_GIVEN_BY_ANOTHER)
        return cleaned


@admin.register(Membership)
class MembershipAdmin(NamesSections[Membership], NamesSites, KeptAdmin[Membership]):
    form = MembershipForm
    menu = Menu.ORGANISATION
    site_path = "site"
    list_display = ("user", "role", "where", "section_name")
    list_filter = ("role", ("site", FewOrChosenFilter), SectionFilter)
    list_select_related = ("user", "site")
    search_fields = ("user__username", "user__full_name", "site__code", "site__name_en", "site__name_zh_hans")
    fields = ("user", "role", "site", "section")
    ordering = ("user__username", "role", "pk")

    def heading(self, obj: Membership) -> str:
        return f"{obj.user} · {obj}"

    def may_change(self, user: User, obj: Membership | None = None) -> bool:
        return policies.may_administer(user) if obj is None else policies.may_change_membership(user, obj)

    def may_delete(self, user: User, obj: Membership | None = None) -> bool:
        return self.may_change(user, obj)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        made: Any = super().get_form(request, obj, change, **kwargs)
        made.keeper = person_of(request)
        return made

    @admin.display(description=gettext_lazy("site"), ordering="site__position")
    def where(self, membership: Membership) -> str:
        return membership.site.name if membership.site else _("whole group")

    @admin.display(description=gettext_lazy("section"), ordering="section")
    def section_name(self, membership: Membership) -> str:
        return section_title(membership.section) if membership.section else _("every section")


class RolesFormSet(LabelledFormSet):
    """Refuses to take from somebody the role with which they keep roles, or to give them one that reads answers."""

    keeper: User

    def clean(self) -> None:
        super().clean()
        for form in self.initial_forms:
            stored = Membership(user=self.instance, role=form.initial.get("role", ""))
            if form.has_changed() and not policies.may_change_membership(self.keeper, stored):
                raise ValidationError(
                    _("You cannot change or remove your own role as administrator; ask another administrator.")
                )
        for form in self.forms:
            given = Membership(user=self.instance, role=getattr(form, "cleaned_data", {}).get("role") or "")
            is_given = form.has_changed() and form not in self.deleted_forms
            if is_given and not policies.may_give_role(self.keeper, given):
                raise ValidationError(_GIVEN_BY_ANOTHER)


class RolesInline(
    NamesSections[Membership], NamesSites, KeptByAdministrators[Membership], PolicyInline[Membership, User]
):
    model = Membership
    site_path = "site"
    formset = RolesFormSet
    fields = ("role", "site", "section")

    def may_delete(self, user: User, obj: Any = None) -> bool:
        return policies.may_administer(user)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        made: Any = super().get_formset(request, obj, **kwargs)
        made.keeper = request.user
        return made


@admin.register(User)
class PersonAdmin(KeptAdmin[User]):
    menu = Menu.ORGANISATION
    form = PersonForm
    list_display = ("username", "full_name", "roles", "language", "is_active")
    list_filter = ("is_active", "language")
    search_fields = ("username", "full_name")
    inlines = (RolesInline,)

    def scope(self, user: User) -> Q:
        """Colleagues: those with a role at one's own sites or in the whole group."""
        if policies.may_administer(user):
            return Q()
        return Q(pk=user.pk) | Q(pk__in=memberships_for(user).order_by().values("user"))

    def may_change(self, user: User, obj: User | None = None) -> bool:
        return policies.may_administer(user) and (obj is None or user.is_superuser or not obj.is_superuser)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        known = memberships_for(person_of(request))
        return super().get_queryset(request).prefetch_related(Prefetch("memberships", known, to_attr="known_roles"))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewPersonForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            names = ("username", "full_name", "email", "language", "password1", "password2")
            return ((None, {"fields": names}),)
        if not self.has_change_permission(request, obj):
            return ((None, {"fields": ("username", "full_name", "language", "is_active")}),)
        return (
            (None, {"fields": ("username", "full_name", "email", "language", "password_link")}),
            (gettext_lazy("Access"), {"fields": ("is_active", "is_superuser", "last_login")}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ()
        readonly = ["password_link", "last_login"]
        if not person_of(request).is_superuser or obj == request.user:
            readonly.append("is_superuser")
        if obj == request.user:
            readonly.append("is_active")
        return readonly

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return () if obj is None else self.inlines

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, person: Any) -> str:
        return ", ".join(str(membership) for membership in person.known_roles)

    @admin.display(description=gettext_lazy("password"))
    def password_link(self, person: User) -> str:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:accounts_user_password", args=[person.pk]), _("Set a new password")
        )

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: str | None = None) -> HttpResponse:
        """A new person has no role yet; the next page gives one."""
        self.message_user(request, _("“%(person)s” is added. Give a role below.") % {"person": obj}, messages.SUCCESS)
        return redirect("admin:accounts_user_change", obj.pk)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.password_view)
        return [path("<int:pk>/password/", view, name="accounts_user_password"), *super().get_urls()]

    @method_decorator(sensitive_post_parameters())
    def password_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = self.get_object(request, str(pk))
        if person is None:
            raise Http404
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        if person == request.user:
            return redirect("account_change_password")  # which asks for the old one
        form = SetPasswordForm(person, request.POST or None)
        if request.method == "POST" and form.is_valid():
            form.save()
            # The trail leaves out passwords; that somebody else set one it has to tell.
            person.password_set_by, person.password_set_at = person_of(request), timezone.now()
            person.save(update_fields=["password_set_by", "password_set_at"])
            self.message_user(request, _("“%(person)s” has a new password.") % {"person": person}, messages.SUCCESS)
            return redirect("admin:accounts_user_change", pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("New password for %(person)s") % {"person": person},
            "form": form,
            "person": person,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/accounts/user/password.html", context)
