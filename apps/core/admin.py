"""Base classes of the admin: every right is a question to a policy, and every list shows the person's scope only.

Django's own model permissions, groups and admin log are not used: roles at sites say who may do what, and the
audit trail of the database says who did it.
"""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Q, QuerySet
from django.forms import BaseInlineFormSet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from apps.core.formats import plain_text
from apps.core.paging import CappedPaginator, KeysFirstPaginator

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelForm = forms.ModelForm

# With these Django's filters by a field narrow a list.
_FILTER_ENDS = ("exact", "id__exact", "isnull")

# Longer numbers are the keys of nothing.
MOST_DIGITS: Final = 18

M = TypeVar("M", bound=models.Model)
P = TypeVar("P", bound=models.Model)


class Menu(models.TextChoices):
    """The headings under which the start page lists what the admin keeps."""

    REVIEW = "review", _("Review and audit")
    RECORDS = "records", _("Records")
    CATALOGUES = "catalogues", _("Catalogues")
    ORGANISATION = "organisation", _("Organisation and people")


class DecimalInput(forms.TextInput):
    """All digits and no more, instead of the twelve decimals that are stored."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        return plain_text(value) if isinstance(value, Decimal) else super().format_value(value)


class ScopedFilter(admin.RelatedFieldListFilter):
    """Offers what the admin of the related model shows to this person, and nothing else."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, str | StrPromise]]:
        related = model_admin.admin_site.get_model_admin(field.remote_field.model)
        if not isinstance(related, PolicyModelAdmin):
            return [(str(row.pk), str(row)) for row in related.get_queryset(request)]
        return [(str(row.pk), str(row)) for row in related.offered(request)]


class FewOrChosenFilter(ScopedFilter):
    """As ``ScopedFilter`` while there are few to choose from. Of many it shows the one in use: a list of hundreds of
    links is longer than the page, and the search of the list finds them by name.
    """

    most = 60

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, str | StrPromise]]:
        related: Any = model_admin.admin_site.get_model_admin(field.remote_field.model)
        offered = related.offered(request)
        # Plain columns: where there are too many, no rows are made of them.
        columns = [column.attname for column in offered.model._meta.concrete_fields]
        found = list(offered.values_list(*columns)[: self.most + 1])
        if len(found) > self.most:
            chosen = [text for text in self.lookup_val or () if text.isdecimal() and len(text) < MOST_DIGITS]
            rows = list(offered.filter(pk__in=chosen))
        else:
            rows = [offered.model.from_db(offered.db, columns, values) for values in found]
        return [(str(row.pk), str(row)) for row in rows]

    def has_output(self) -> bool:
        return bool(self.lookup_choices or self.lookup_val)


class WholeRowForm(_ModelForm):
    """Checks constraints over the whole row: also those that tie a field of the form to one that is read only."""

    def validate_unique(self) -> None:
        super().validate_unique()
        wrong = set(self.errors) & set(self.fields)
        try:
            self.instance.validate_constraints(exclude=wrong)
        except ValidationError as error:
            said = set(self.non_field_errors())
            for message in error.messages:
                if message not in said:
                    self.add_error(None, message)


class AsksPolicies(BaseModelAdmin[M]):
    """The rights of an admin or an inline. Closed until a subclass answers one of the questions with yes.

    ``user`` is an accounts.User, which this app cannot name: it lies below.
    """

    formfield_overrides = {
        models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
        models.DecimalField: {"widget": DecimalInput},
    }

    def may_view(self, user: Any) -> bool:
        return False

    def may_add(self, user: Any) -> bool:
        return False

    def may_change(self, user: Any, obj: M | None = None) -> bool:
        return False

    def may_delete(self, user: Any, obj: M | None = None) -> bool:
        return False

    def scope(self, user: Any) -> Q:
        """The rows that exist for this person; all others answer 404."""
        return Q()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_view(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_add(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_change(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_delete(request.user, obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may_view(request.user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[M]:
        return super().get_queryset(request).filter(self.scope(request.user))

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        """A drop-down offers what the person may see in the related list."""
        related = self.admin_site._registry.get(db_field.remote_field.model)
        if not isinstance(related, PolicyModelAdmin):
            return super().get_field_queryset(db, db_field, request)
        return related.offered(request)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Plain fields: no pop-up windows beside a drop-down."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field


class PolicyChangeList(ChangeList):
    """Sorts by what its headings offer: by nothing else through the address, for which a long table has no index."""

    def get_ordering_field(self, field_name: Any) -> Any:
        if self.sortable_by is not None and field_name not in self.sortable_by:
            return None
        return super().get_ordering_field(field_name)

    def get_results(self, request: HttpRequest) -> None:
        """Where few rows are left of many, they too are looked up by their keys."""
        super().get_results(request)
        if not self.multi_page and isinstance(self.paginator, KeysFirstPaginator):
            self.result_list = self.paginator.page(1).object_list


class PolicyModelAdmin(AsksPolicies[M], admin.ModelAdmin[M]):
    """What every admin here derives from; the admin site takes in no other."""

    form = WholeRowForm
    menu: ClassVar[Menu] = Menu.CATALOGUES
    list_per_page = 50
    # Any list may grow; what lies further back is found by narrowing it down.
    paginator: ClassVar[type[Paginator[Any]]] = CappedPaginator
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    view_on_site = False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """A list is narrowed by its filters alone: no guessing at hidden columns through the address.

        What a filter sends ends with its field: further on lie other tables, as far as people's passwords.
        """
        if "\x00" in value:  # which the database would not take
            return False
        for entry in self.get_list_filter(request):
            name = entry[0] if isinstance(entry, tuple | list) else getattr(entry, "parameter_name", entry)
            if lookup in (name, *(f"{name}__{end}" for end in _FILTER_ENDS)):
                return True
        try:
            self.opts.get_field(lookup.partition("__")[0])
        except FieldDoesNotExist:
            return super().lookup_allowed(lookup, value, request)  # ignored later, with a clean address
        return False

    def offered(self, request: HttpRequest) -> QuerySet[M]:
        """The rows to choose from elsewhere: without what only the list itself counts beside each."""
        return AsksPolicies.get_queryset(self, request)

    def get_paginator(self, request: HttpRequest, queryset: Any, per_page: Any, *args: Any, **kwargs: Any) -> Any:
        """As it stands, a list begins along an index; further on, narrowed down or sorted otherwise, it may not."""
        is_moved = isinstance(queryset, QuerySet) and request.GET
        return (KeysFirstPaginator if is_moved else self.paginator)(queryset, per_page, *args, **kwargs)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PolicyChangeList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    def response_action(self, request: HttpRequest, queryset: QuerySet[M]) -> Any:  # type: ignore[override]
        """Ticked boxes carry keys of rows. What is none was forged."""
        for sent in request.POST.getlist(ACTION_CHECKBOX_NAME):
            try:
                self.opts.pk.to_python(sent)
            except ValidationError as error:
                raise Http404 from error
        return super().response_action(request, queryset)

    def heading(self, obj: M) -> str:
        """What stands above the page of a row, and last in its path."""
        return str(obj)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        obj = kwargs.get("obj")
        if obj is not None:
            context.update(title=self.heading(obj), subtitle=None)
        return super().render_change_form(request, context, *args, **kwargs)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, object_id)
        heading = {"heading": self.heading(obj)} if obj is not None else {}
        return super().delete_view(request, object_id, {**heading, **(extra_context or {})})

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The history of a row stands in the audit trail."""
        if self.get_object(request, object_id) is None:
            raise Http404
        trail = reverse("admin:audit_change_changelist")
        return HttpResponseRedirect(f"{trail}?table={self.opts.db_table}&row_id={object_id}")

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        raise Http404

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        """Not written: the audit trail sees every row already."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        """Not written, as above."""

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:  # type: ignore[override]
        """Not written, as above."""


class LabelledFormSet(BaseInlineFormSet[Any, Any, Any]):
    """In a table the heading of a column is no label of its fields, so each field says its own."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            field.widget.attrs.setdefault("aria-label", capfirst(field.label or ""))


class PolicyInline(AsksPolicies[M], admin.TabularInline[M, P]):
    """Rows on the page of their parent."""

    extra = 1
    form = WholeRowForm
    formset = LabelledFormSet

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return self.extra if self.may_add(request.user) else 0


class ReadOnlyAdmin(PolicyModelAdmin[M]):
    """A list to look at: nothing is added, changed or deleted here."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.readonly_fields or [field.name for field in self.opts.concrete_fields]
