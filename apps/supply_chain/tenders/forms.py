"""What people type into the pages of a tender."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.core.fields import TypedDecimalField
from apps.core.formats import plain_text
from apps.organisation.models import Site
from apps.supply_chain import credit_code
from apps.supply_chain.models import Bid, KnockOut, Supplier, Tender, TenderAttribute, TenderScorer, TenderState
from apps.supply_chain.tenders import policies
from apps.supply_chain.tenders.bidding import Answer
from apps.supply_chain.tenders.ranking import MOST_POINTS
from apps.supply_chain.tenders.scoring import Points

if TYPE_CHECKING:
    _TenderForm = forms.ModelForm[Tender]
else:
    _TenderForm = forms.ModelForm

# As many as a browser offers while somebody types; others are found by what is typed in full.
OFFERED: Final = 100
MOST_REQUIREMENTS: Final = 20


def _date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TenderForm(_TenderForm):
    """The facts of a tender. Its site is chosen once."""

    estimated_value = TypedDecimalField(
        label=gettext_lazy("Estimated value"), max_digits=16, decimal_places=2, required=False
    )

    class Meta:
        model = Tender
        fields = (
            "number",
            "title",
            "site",
            "material",
            "quantity",
            "estimated_value",
            "currency",
            "bids_due_on",
        )
        widgets: Any = {"bids_due_on": _date_input()}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["site"]
            return
        sites: Any = self.fields["site"]
        sites.queryset = policies.sites_to_create_at(user)
        if len(sites.queryset) == 1:
            sites.initial = sites.queryset[0]

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).strip().upper()


class WeightsForm(forms.Form):
    """Percent points for every attribute of the catalogue; an empty field leaves it out."""

    def __init__(self, tender: Tender, data: Any = None) -> None:
        super().__init__(data, prefix="weights")
        kept = {weight.attribute_id: weight.weight for weight in tender.weights.all()}
        for attribute in TenderAttribute.objects.all():
            self.fields[str(attribute.pk)] = forms.IntegerField(
                label=attribute.name,
                min_value=0,
                max_value=100,
                required=False,
                initial=kept.get(attribute.pk),
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "step": 1}),
            )

    def weights(self) -> dict[int, int]:
        return {int(name): weight for name, weight in self.cleaned_data.items() if weight}


class RequirementsForm(forms.Form):
    """What every bid must meet, one requirement a line."""

    requirements = forms.CharField(
        label=gettext_lazy("Requirements"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One a line. A bid that fails one of them is eliminated. Empty: every bid is scored."),
    )

    def __init__(self, tender: Tender, data: Any = None) -> None:
        lines = "\n".join(knock_out.text for knock_out in tender.knock_outs.all())
        super().__init__(data, initial={"requirements": lines})

    def clean_requirements(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["requirements"].splitlines()]
        lines = [line for line in lines if line]
        longest: Any = KnockOut._meta.get_field("text").max_length
        if len(lines) > MOST_REQUIREMENTS or any(len(line) > longest for line in lines):
            raise ValidationError(
                _("Write at most %(lines)d requirements of at most %(length)d characters.")
                % {"lines": MOST_REQUIREMENTS, "length": longest}
            )
        return lines


def possible_scorers() -> QuerySet[User]:
    """Everybody who may sign in and has a role somewhere."""
    return User.objects.filter(is_active=True, memberships__isnull=False).distinct()


class ScorerForm(forms.Form):
    """Names a scorer."""

    person = forms.CharField(
        label=gettext_lazy("Scorer"),
        max_length=150,
        help_text=gettext_lazy("The name, or the name to sign in with."),
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
    )

    def __init__(self, tender: Tender, data: Any = None) -> None:
        super().__init__(data)
        near = Q(memberships__site=tender.site_id) | Q(memberships__site__isnull=True)
        named = {scorer.user_id for scorer in tender.scorers.all()}
        people = possible_scorers().filter(near).exclude(pk__in=named).order_by("full_name", "username")
        self.offered: Iterable[User] = people[:OFFERED]

    def clean_person(self) -> User:
        typed = self.cleaned_data["person"].strip()
        by_sign_in = possible_scorers().filter(username__iexact=typed)
        found = list(by_sign_in[:1]) or list(possible_scorers().filter(full_name__iexact=typed)[:2])
        if not found:
            raise ValidationError(_("Nobody with a role here is called “%(name)s”.") % {"name": typed})
        if len(found) > 1:
            raise ValidationError(
                _("Several people are called “%(name)s”. Write the name to sign in with.") % {"name": typed}
            )
        return found[0]


class BidForm(forms.Form):
    """Notes a sealed bid."""

    supplier = forms.CharField(
        label=gettext_lazy("Bidder"),
        max_length=140,
        help_text=gettext_lazy("Supplier number, credit code or name."),
        widget=forms.TextInput(attrs={"list": "suppliers", "autocomplete": "off"}),
    )
    received_on = forms.DateField(label=gettext_lazy("Received on"), widget=_date_input())

    def __init__(self, tender: Tender, data: Any = None) -> None:
        super().__init__(data)
        today = timezone.localdate()
        near = Supplier.objects.active(today, today).filter(supplies=tender.material_id, sites=tender.site_id)
        bidding = {bid.supplier_id for bid in tender.live_bids}
        self.offered: Iterable[Supplier] = near.exclude(pk__in=bidding).distinct()[:OFFERED]

    def clean_supplier(self) -> Supplier:
        typed = self.cleaned_data["supplier"].strip()
        by_code = Supplier.objects.filter(Q(code__iexact=typed) | Q(uscc=credit_code.normalised(typed), uscc__gt=""))
        by_name = Supplier.objects.filter(Q(name_key=Supplier.key_of(typed)) | Q(name_en__iexact=typed))
        found = list(by_code[:1]) or list(by_name[:2])
        if not found:
            raise ValidationError(
                _("No supplier “%(name)s” is in the register. Add it there first, or look at the spelling.")
                % {"name": typed}
            )
        if len(found) > 1:
            raise ValidationError(
                _("Several suppliers are called “%(name)s”. Write the supplier number.") % {"name": typed}
            )
        return found[0]

    def clean_received_on(self) -> Any:
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day is still to come."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        supplier, day = cleaned.get("supplier"), cleaned.get("received_on")
        if supplier and day and supplier.active_until and supplier.active_until < day:
            self.add_error("supplier", _("%(bidder)s no longer supplies the group.") % {"bidder": supplier.name})
        if supplier and day and supplier.active_from > day:
            words = {"bidder": supplier.name, "day": date_format(supplier.active_from, "SHORT_DATE_FORMAT")}
            self.add_error("supplier", _("%(bidder)s is a supplier of the group from %(day)s on, not before.") % words)
        return cleaned


class ReadBidForm(forms.Form):
    """What an opened bid says, and whether it meets each requirement."""

    price = TypedDecimalField(label=gettext_lazy("Price"), max_digits=16, decimal_places=2, required=False)
    payment = forms.CharField(label=gettext_lazy("Payment terms"), max_length=500, required=False)
    delivery = forms.CharField(label=gettext_lazy("Delivery"), max_length=500, required=False)

    def __init__(self, tender: Tender, bid: Bid, data: Any = None) -> None:
        initial = {"price": bid.price, "payment": bid.payment, "delivery": bid.delivery}
        super().__init__(data, initial=initial)
        self.fields["price"].label = _("Price in %(currency)s") % {"currency": tender.currency}
        self.criteria = list(tender.knock_outs.all())
        kept = {result.criterion_id: result for result in bid.results.all()}
        answers = [("", _("not looked at yet")), ("yes", _("Met")), ("no", _("Not met"))]
        for criterion in self.criteria:
            result = kept.get(criterion.pk)
            self.fields[f"met_{criterion.pk}"] = forms.ChoiceField(
                label=criterion.text,
                choices=answers,
                required=False,
                initial="" if result is None else "yes" if result.passed else "no",
            )
            self.fields[f"reason_{criterion.pk}"] = forms.CharField(
                label=_("Reason, where it is not met"),
                max_length=300,
                required=False,
                initial=result.reason if result else "",
            )

    def rows(self) -> list[tuple[KnockOut, Any, Any]]:
        """Each requirement with its two fields."""
        return [(one, self[f"met_{one.pk}"], self[f"reason_{one.pk}"]) for one in self.criteria]

    def clean_price(self) -> Decimal | None:
        price: Decimal | None = self.cleaned_data["price"]
        if price is not None and price <= 0:
            raise ValidationError(_("A price is above zero."))
        return price

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for criterion in self.criteria:
            if cleaned.get(f"met_{criterion.pk}") == "no" and not cleaned.get(f"reason_{criterion.pk}", "").strip():
                self.add_error(f"reason_{criterion.pk}", _("Say why the requirement is not met."))
        return cleaned

    def answers(self) -> list[Answer]:
        words = {"": None, "yes": True, "no": False}
        return [
            Answer(
                criterion_id=one.pk,
                passed=words[self.cleaned_data[f"met_{one.pk}"]],
                reason=self.cleaned_data[f"reason_{one.pk}"].strip(),
            )
            for one in self.criteria
        ]


class StatementForm(forms.Form):
    """A scorer's word on interests: a field for every bidder, and that this is all."""

    def __init__(self, bids: Sequence[Bid], scorer: TenderScorer, data: Any = None) -> None:
        super().__init__(data)
        kept = {interest.bid_id: interest.words for interest in scorer.interests.all()}
        self.bids = bids
        for bid in bids:
            self.fields[f"interest_{bid.pk}"] = forms.CharField(
                label=bid.supplier.name, max_length=500, required=False, initial=kept.get(bid.pk, "")
            )
        self.fields["complete"] = forms.BooleanField(
            label=_("This is complete: I have no other interest in any bidder."),
            initial=scorer.stated_at is not None,
            error_messages={"required": _("Tick that your statement is complete.")},
        )

    def words(self) -> dict[int, str]:
        return {bid.pk: self.cleaned_data[f"interest_{bid.pk}"] for bid in self.bids}


class PointsField(TypedDecimalField):
    """Points as people type them: 10.00 is 10, so that only decimals that say something count."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        points = super().to_python(value)
        return None if points is None else Decimal(plain_text(points))


class ScoresForm(forms.Form):
    """The points and notes of one scorer: a cell for every remaining bid and weighted attribute."""

    def __init__(self, tender: Tender, scorer: TenderScorer, data: Any = None) -> None:
        super().__init__(data)
        self.bids = [bid for bid in tender.live_bids if not bid.eliminated]
        self.weights = list(tender.weights.all())
        kept = {(score.bid_id, score.attribute_id): score for score in scorer.scores.all()}
        for bid in self.bids:
            for weight in self.weights:
                score = kept.get((bid.pk, weight.attribute_id))
                words = {"bidder": bid.supplier.name, "attribute": weight.attribute.name}
                name = f"{bid.pk}_{weight.attribute_id}"
                self.fields[f"points_{name}"] = PointsField(
                    label=_("%(bidder)s, %(attribute)s: points") % words,
                    min_value=Decimal(0),
                    max_value=Decimal(MOST_POINTS),
                    decimal_places=1,
                    required=False,
                    initial=score.points if score else None,
                    error_messages={
                        "min_value": _("Points go from 0 to 10."),
                        "max_value": _("Points go from 0 to 10."),
                        "max_decimal_places": _("Points have one decimal at most, such as 7.5."),
                    },
                )
                self.fields[f"note_{name}"] = forms.CharField(
                    label=_("%(bidder)s, %(attribute)s: note") % words,
                    max_length=500,
                    required=False,
                    initial=score.note if score else "",
                )

    def rows(self) -> list[tuple[Bid, list[dict[str, Any]]]]:
        """Each bid with its cells."""
        return [
            (
                bid,
                [
                    {
                        "weight": weight,
                        "points": self[f"points_{bid.pk}_{weight.attribute_id}"],
                        "note": self[f"note_{bid.pk}_{weight.attribute_id}"],
                    }
                    for weight in self.weights
                ],
            )
            for bid in self.bids
        ]

    def points(self) -> dict[tuple[int, int], Points]:
        given = {}
        for bid in self.bids:
            for weight in self.weights:
                name = f"{bid.pk}_{weight.attribute_id}"
                value, note = self.cleaned_data[f"points_{name}"], self.cleaned_data[f"note_{name}"].strip()
                given[bid.pk, weight.attribute_id] = Points(value=value, note=note)
        return given


class TenderFilter(forms.Form):
    """Narrows the list; what cannot be read narrows nothing."""

    site = forms.ModelChoiceField(
        label=gettext_lazy("Site"), queryset=Site.objects.none(), required=False, empty_label=gettext_lazy("All")
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        sites: Any = self.fields["site"]
        sites.queryset = Site.objects.filter(pk__in=policies.tenders_for(user).order_by().values("site"))
        states: Any = self.fields["state"]
        states.choices = [("", _("All")), *TenderState.choices]

    def condition(self) -> Q:
        condition = Q()
        self.is_valid()
        for name in ("site", "state"):
            if self.cleaned_data.get(name):
                condition &= Q(**{name: self.cleaned_data[name]})
        return condition
