"""What administrators keep in the admin, and that everybody else sees there the rows of their own sites only."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.messages import get_messages
from django.db import IntegrityError, connection, models, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import Change
from apps.core.admin import PolicyModelAdmin
from apps.environment.models import EmissionLimit, Resource, SiteResource, Stack
from apps.organisation.choices import Role
from apps.organisation.models import Assignment, Group, Membership, Period, ReportingYear, Site
from apps.submissions.entry import Cell
from apps.submissions.models import Submission
from tests.factories import (
    PASSWORD,
    EmissionLimitFactory,
    PollutantFactory,
    StackFactory,
    TargetFactory,
    UserFactory,
    World,
)

SignIn = Callable[[User], Client]
Act = Callable[..., Submission]
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def url(model: type[models.Model], what: str = "changelist", *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}", args=args)


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def told(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def errors_of(response: Any) -> str:
    page = response.context
    listed = [str(page["adminform"].form.errors)]
    listed += [
        str(inline.formset.errors) + str(inline.formset.non_form_errors()) for inline in page["inline_admin_formsets"]
    ]
    return " ".join(listed)


@pytest.fixture
def hami_reviewer(world: World) -> User:
    return world.person("reviewer-hami", Role.REVIEWER, world.hami)


@pytest.fixture
def keeper(world: World, sign_in: SignIn) -> Client:
    return sign_in(world.administrator)


@pytest.fixture
def both_sites(world: World, approve: Act, hand_in: Act) -> World:
    """Something of either site in every list."""
    for site, clerk in ((world.hami, world.clerk), (world.baishan, world.other_clerk)):
        approve(world.submission(site, 1), clerk, world.reviewer)
        hand_in(world.submission(site, 2), clerk)
        stack = StackFactory(site=site, name_en=f"Kiln of {site.name_en}")
        EmissionLimitFactory(stack=stack, stack_type="", source=f"Permit of {site.name_en}")
    return world


# Reading ----------------------------------------------------------------------------------------------------------


def test_every_list_opens_for_everybody_in_the_admin(world: World, sign_in: SignIn) -> None:
    for user in (world.reviewer, world.lead, world.auditor, world.administrator):
        client = sign_in(user)
        closed = [model.__name__ for model in MODELS if client.get(url(model), follow=True).status_code != 200]
        assert closed == [], user
    client = sign_in(world.clerk)
    assert [model.__name__ for model in MODELS if client.get(url(model)).status_code != 403] == []


def shown_to(user: User, model: type[models.Model]) -> set[int]:
    """The rows that exist for somebody, by way of the list's own queryset."""
    request = RequestFactory().get("/")
    request.user = user
    return set(admin.site._registry[model].get_queryset(request).values_list("pk", flat=True))


def test_who_does_not_administer_changes_nothing(both_sites: World, sign_in: SignIn) -> None:
    answers: dict[str, set[int]] = {}
    for user in (both_sites.reviewer, both_sites.lead, both_sites.auditor):
        client = sign_in(user)
        for model in MODELS:
            addresses = [url(model, "add")]
            addresses += [
                url(model, what, pk) for pk in list(shown_to(user, model))[:1] for what in ("change", "delete")
            ]
            answers[f"{user} {model.__name__}"] = {
                client.post(address, {"post": "yes"}).status_code for address in addresses
            } | {client.get(url(model, "add")).status_code}
    assert {who: statuses for who, statuses in answers.items() if statuses != {403}} == {}


def test_a_reviewer_of_one_site_meets_no_other_in_any_list(
    both_sites: World, sign_in: SignIn, hami_reviewer: User
) -> None:
    """In rows, filters and drop-downs; and each row they may not see answers 404 by its address."""
    client = sign_in(hami_reviewer)
    leaks, open_doors = [], []
    for model in MODELS:
        visible = shown_to(hami_reviewer, model)
        pages = [url(model), *(url(model, "change", pk) for pk in list(visible)[:3])]
        for page in pages:
            response = client.get(page, follow=True)
            if response.status_code != 200 or "Baishan" in text_of(response):
                leaks.append(page)
        hidden = model._default_manager.exclude(pk__in=visible).first()
        if hidden is not None:
            for what in ("change", "history"):
                if client.get(url(model, what, hidden.pk)).status_code != 404:
                    open_doors.append(url(model, what, hidden.pk))
    assert (leaks, open_doors) == ([], [])


def test_the_rows_of_another_site_are_really_there(both_sites: World, sign_in: SignIn) -> None:
    """So that the test above hides something."""
    client = sign_in(both_sites.auditor)
    for model in (Submission, Stack, EmissionLimit, Membership, Assignment, Site):
        assert "Baishan" in text_of(client.get(url(model))), model


@pytest.mark.parametrize(
    ("source", "field"),
    [("organisation.membership", "site"), ("submissions.submission", "site"), ("environment.siteresource", "site"),
     ("environment.emissionlimit", "stack"), ("organisation.membership", "user"), ("submissions.seal", "submission")],
)  # fmt: skip
def test_the_search_behind_drop_downs_knows_the_scope(
    both_sites: World, sign_in: SignIn, hami_reviewer: User, source: str, field: str
) -> None:
    app_label, model_name = source.split(".")
    asked = {"app_label": app_label, "model_name": model_name, "field_name": field, "term": ""}
    found = sign_in(hami_reviewer).get(reverse("admin:autocomplete"), asked)
    assert found.status_code == 200 and found.json()["results"]
    assert "aishan" not in found.content.decode()
    assert sign_in(both_sites.clerk).get(reverse("admin:autocomplete"), asked).status_code == 403
    assert "aishan" in sign_in(both_sites.auditor).get(reverse("admin:autocomplete"), asked).content.decode()


def test_lists_cost_what_they_show(both_sites: World, sign_in: SignIn) -> None:
    client = sign_in(both_sites.administrator)

    def counts() -> dict[str, int]:
        counted = {}
        for model in MODELS:
            with CaptureQueriesContext(connection) as captured:
                client.get(url(model), follow=True)
            counted[model.__name__] = len(captured)
        return counted

    counts()
    before = counts()
    for number in range(4):
        stack = StackFactory(site=both_sites.hami)
        EmissionLimitFactory(stack=stack, stack_type="")
        both_sites.person(f"more-{number}", Role.AUDITOR, both_sites.hami)
        SiteResource.objects.create(site=both_sites.hami, resource_item=Resource.objects.create(
            code=f"more_{number}", name_en="More", name_zh_hans="x", name_zh_hant="x", kind="energy", unit_code="t",
            reported_under=both_sites.coal))  # fmt: skip
        TargetFactory(code=f"more-target-{number}")
    assert counts() == before


# Codes, units, sites that answer ----------------------------------------------------------------------------------


def resource_form(resource: Resource, **changed: Any) -> dict[str, Any]:
    names = ("name_en", "name_zh_hans", "name_zh_hant", "kind", "position", "unit_code", "decimals",
             "density_decimals", "jump_percent")  # fmt: skip
    form = {name: getattr(resource, name) for name in names}
    rows = list(SiteResource.objects.filter(resource_item=resource).order_by("site__position"))
    form |= {"at_sites-TOTAL_FORMS": len(rows) + 1, "at_sites-INITIAL_FORMS": len(rows)}
    for index, row in enumerate(rows):
        form |= {
            f"at_sites-{index}-id": row.pk,
            f"at_sites-{index}-resource_item": resource.pk,
            f"at_sites-{index}-site": row.site_id,
            f"at_sites-{index}-valid_from": row.valid_from,
        }
    form |= {f"at_sites-{len(rows)}-resource_item": resource.pk, f"at_sites-{len(rows)}-valid_from": "2000-01-01"}
    return form | changed


def test_a_new_fuel_needs_a_form_and_no_release(world: World, keeper: Client) -> None:
    form = resource_form(world.coal, code="semi_coke", name_en="Semi-coke", unit_code="t")
    form |= {
        "at_sites-INITIAL_FORMS": 0,
        "at_sites-TOTAL_FORMS": 1,
        "at_sites-0-id": "",
        "at_sites-0-resource_item": "",
    }
    form["at_sites-0-site"] = world.hami.pk
    response = keeper.post(url(Resource, "add"), form)
    assert response.status_code == 302, errors_of(response)
    made = Resource.objects.get(code="semi_coke")
    assert [row.site for row in made.at_sites.all()] == [world.hami]
    assert Change.objects.filter(table="environment_resource", row_id=made.pk, actor_id=world.administrator.pk).exists()


def test_a_code_stays_and_so_does_a_unit_in_use(world: World, keeper: Client, fill_in: Act) -> None:
    unused = keeper.post(url(Resource, "change", world.diesel.pk), resource_form(world.diesel, code="x", unit_code="t"))
    assert unused.status_code == 302, errors_of(unused)
    world.diesel.refresh_from_db()
    assert (world.diesel.code, world.diesel.unit_code) == ("diesel", "t")
    fill_in(world.submission(world.hami, 1), world.clerk, {"resource:diesel": Cell(value="0.04", unit="t")})
    used = keeper.post(
        url(Resource, "change", world.coal.pk), resource_form(world.coal, unit_code="kg", jump_percent=60)
    )
    assert used.status_code == 302, errors_of(used)
    kept = Resource.objects.get(pk=world.coal.pk)
    assert (kept.unit_code, kept.jump_percent) == ("t", 60)


@pytest.mark.parametrize("change", [{"code": "carbon"}, {"unit_code": "kg"}])
def test_the_database_keeps_codes_and_used_units_too(world: World, fill_in: Act, change: dict[str, str]) -> None:
    fill_in(world.submission(world.hami, 1), world.clerk)
    with pytest.raises(IntegrityError, match="keeps"), transaction.atomic():
        Resource.objects.filter(pk=world.coal.pk).update(**change)
    with pytest.raises(IntegrityError, match="keeps"), transaction.atomic():
        Site.objects.filter(pk=world.hami.pk).update(code="HM")


def test_a_site_with_records_is_retired_not_deleted(world: World, keeper: Client, fill_in: Act) -> None:
    fill_in(world.submission(world.hami, 1), world.clerk)
    page = url(Resource, "change", world.coal.pk)
    refused = keeper.post(page, resource_form(world.coal, **{"at_sites-0-DELETE": "on"}))
    assert "Hami has records here" in errors_of(refused)
    retired = keeper.post(page, resource_form(world.coal, **{"at_sites-0-valid_until": "2020-12-31"}))
    assert retired.status_code == 302
    assert SiteResource.objects.get(resource_item=world.coal, site=world.hami).valid_until == dt.date(2020, 12, 31)
    never_used = keeper.post(page, resource_form(world.coal, **{"at_sites-1-DELETE": "on"}))
    assert never_used.status_code == 302
    assert not SiteResource.objects.filter(resource_item=world.coal, site=world.baishan).exists()


def test_deleting_is_offered_for_roles_alone(both_sites: World, sign_in: SignIn) -> None:
    client = sign_in(UserFactory(is_superuser=True))
    for model in MODELS:
        row = model._default_manager.first()
        if row is None or model is Membership:
            continue
        assert client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403, model
        client.post(url(model), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
        assert model._default_manager.filter(pk=row.pk).exists(), model


def test_wrong_limits_are_explained(world: World, keeper: Client) -> None:
    pollutant = PollutantFactory()
    stack = StackFactory(site=world.hami)
    form = {"stack": stack.pk, "stack_type": "boiler", "pollutant": pollutant.pk, "limit_mg_m3": "-1",
            "valid_from": "2020-01-01", "source": "Permit 1"}  # fmt: skip
    refused = errors_of(keeper.post(url(EmissionLimit, "add"), form))
    assert "for one stack or for one process, not for both" in refused
    assert "greater than zero" in refused
    form |= {"stack_type": "", "limit_mg_m3": ""}
    assert keeper.post(url(EmissionLimit, "add"), form).status_code == 302
    assert "enter the permit&#x27;s limit" in text_of(keeper.get(url(EmissionLimit)))


# Years, periods, sections of sites --------------------------------------------------------------------------------


def test_a_year_is_entered_and_opened(world: World, keeper: Client) -> None:
    wrong = {"code": "2021", "starts_on": "2021-01-02", "ends_on": "2021-12-30"}
    assert "first day of a month" in errors_of(keeper.post(url(ReportingYear, "add"), wrong))
    overlap = {"code": "2020b", "starts_on": "2020-07-01", "ends_on": "2021-06-30"}
    assert "has days in common" in errors_of(keeper.post(url(ReportingYear, "add"), overlap))
    right = {"code": "2021", "starts_on": "2021-01-01", "ends_on": "2021-12-31"}
    added = keeper.post(url(ReportingYear, "add"), right, follow=True)
    assert "Open it below" in text_of(added)
    year = ReportingYear.objects.get(code="2021")
    assert added.redirect_chain == [(url(ReportingYear, "change", year.pk), 302)]
    opened = keeper.post(url(ReportingYear, "change", year.pk), {**right, "_open": "1"})
    assert opened.status_code == 302
    assert Submission.objects.filter(period__year=year).count() == 24
    choose = {"action": "open_years", "_selected_action": [year.pk]}
    assert "0 submissions" in text_of(keeper.post(url(ReportingYear), choose, follow=True))
    # Opened years keep their days.
    keeper.post(url(ReportingYear, "change", year.pk), {"starts_on": "2021-02-01", "ends_on": "2021-12-31"})
    year.refresh_from_db()
    assert year.starts_on == dt.date(2021, 1, 1)


def test_opening_a_year_is_for_administrators(world: World, sign_in: SignIn) -> None:
    choose = {"action": "open_years", "_selected_action": [world.year.pk]}
    client = sign_in(world.lead)
    Period.objects.filter(year=world.year, frequency="year").update(due_on="2021-03-01")
    client.post(url(ReportingYear), choose)
    assert client.post(url(ReportingYear, "change", world.year.pk), {"_open": "1"}).status_code == 403


def test_of_a_period_only_the_day_it_is_due_moves(world: World, keeper: Client) -> None:
    march = Period.objects.get(code="2020-03")
    sent = {"due_on": "2020-04-30", "code": "2020-99", "starts_on": "2020-02-01", "year": ""}
    assert keeper.post(url(Period, "change", march.pk), sent).status_code == 302
    march.refresh_from_db()
    assert (march.code, march.starts_on, march.due_on) == ("2020-03", dt.date(2020, 3, 1), dt.date(2020, 4, 30))
    early = keeper.post(url(Period, "change", march.pk), {"due_on": "2020-03-30"})
    assert "cannot be due before it ends" in errors_of(early)
    assert keeper.get(url(Period, "add")).status_code == 403


def test_a_new_section_of_a_site_is_expected_at_once(world: World, keeper: Client) -> None:
    form = {"site": world.hami.pk, "section": "environment_targets", "valid_from": "2020-01-01"}
    response = keeper.post(url(Assignment, "add"), form)
    assert response.status_code == 302 and "1 submission is newly expected" in told(response)
    assert Submission.objects.filter(site=world.hami, section="environment_targets").count() == 1
    unknown = keeper.post(url(Assignment, "add"), {**form, "section": "gardening"})
    assert "gardening" in errors_of(unknown)


def test_there_is_one_group(world: World, keeper: Client) -> None:
    page = url(Group, "change", 1)
    assert keeper.get(url(Group))["Location"] == page
    assert keeper.get(url(Group, "add")).status_code == 403


# People and roles -------------------------------------------------------------------------------------------------


def person_form(person: User, **changed: Any) -> dict[str, Any]:
    roles = list(person.memberships.all())
    form: dict[str, Any] = {"username": person.username, "full_name": person.full_name, "language": "en"}
    form |= {"memberships-TOTAL_FORMS": len(roles) + 1, "memberships-INITIAL_FORMS": len(roles)}
    for index, role in enumerate(roles):
        form |= {
            f"memberships-{index}-id": role.pk,
            f"memberships-{index}-user": person.pk,
            f"memberships-{index}-role": role.role,
            f"memberships-{index}-site": role.site_id or "",
            f"memberships-{index}-section": role.section,
        }
    form[f"memberships-{len(roles)}-user"] = person.pk
    if person.is_active:
        form["is_active"] = "on"
    return form | changed


def test_a_new_person_gets_a_password_and_a_role(world: World, keeper: Client, client: Client) -> None:
    form = {"username": "new-clerk", "full_name": "Clerk, new", "language": "zh-hans", "password1": PASSWORD}
    assert "password" in errors_of(keeper.post(url(User, "add"), {**form, "password2": "something else 8"}))
    weak = {"password1": "12345", "password2": "12345"}
    assert "too short" in errors_of(keeper.post(url(User, "add"), {**form, **weak}))
    response = keeper.post(url(User, "add"), {**form, "password2": PASSWORD})
    person = User.objects.get(username="new-clerk")
    assert response["Location"] == url(User, "change", person.pk)
    role = {
        "memberships-0-role": "preparer",
        "memberships-0-site": world.hami.pk,
        "memberships-0-section": "environment",
    }
    assert keeper.post(url(User, "change", person.pk), person_form(person, **role)).status_code == 302
    assert [(m.role, m.site) for m in person.memberships.all()] == [("preparer", world.hami)]
    assert client.login(username="new-clerk", password=PASSWORD)


def test_a_forgotten_password_is_set_anew(world: World, keeper: Client, client: Client) -> None:
    page = url(User, "password", world.clerk.pk)
    different = {"new_password1": "another long one 9", "new_password2": "yet another 9"}
    assert keeper.post(page, different).status_code == 200
    assert keeper.post(page, {**different, "new_password2": "another long one 9"}).status_code == 302
    assert client.login(username=world.clerk.username, password="another long one 9")
    # Whoever sets a password could sign in as that person: the person and the trail are told.
    assert "Administrator set a new password for you" in client.get(reverse("submissions:my_work")).content.decode()
    told = Change.objects.filter(table="accounts_user", row_id=world.clerk.pk).latest("pk")
    assert told.after["password_set_by_id"] == world.administrator.pk == told.actor_id
    assert keeper.get(url(User, "password", world.administrator.pk))["Location"] == reverse("account_change_password")


def test_passwords_of_others_are_for_administrators(world: World, sign_in: SignIn, hami_reviewer: User) -> None:
    new = {"new_password1": "another long one 9", "new_password2": "another long one 9"}
    for user in (world.lead, world.auditor):
        assert sign_in(user).post(url(User, "password", world.clerk.pk), new).status_code == 403
    assert sign_in(hami_reviewer).post(url(User, "password", world.other_clerk.pk), new).status_code == 404


def test_administrators_do_not_lock_themselves_out(world: World, keeper: Client) -> None:
    me = world.administrator
    page = url(User, "change", me.pk)
    keeper.post(page, {name: value for name, value in person_form(me).items() if name != "is_active"})
    me.refresh_from_db()
    assert me.is_active
    for change in ({"memberships-0-DELETE": "on"}, {"memberships-0-role": "auditor"}):
        assert "your own role as administrator" in errors_of(keeper.post(page, person_form(me, **change)))
    mine = me.memberships.get()
    assert keeper.post(url(Membership, "delete", mine.pk), {"post": "yes"}).status_code == 403
    assert keeper.post(url(Membership, "change", mine.pk), {"role": "auditor", "user": me.pk}).status_code == 403
    assert me.memberships.get().role == Role.ADMINISTRATOR


def test_an_administrator_takes_a_role_from_somebody_else(world: World, keeper: Client) -> None:
    role = world.clerk.memberships.get()
    assert keeper.post(url(Membership, "delete", role.pk), {"post": "yes"}).status_code == 302
    assert not world.clerk.memberships.exists()
    gone = Change.objects.filter(table="organisation_membership", operation="D").first()
    assert gone is not None and gone.actor_id == world.administrator.pk


def test_only_a_superuser_makes_a_superuser(world: World, keeper: Client, sign_in: SignIn) -> None:
    keeper.post(url(User, "change", world.clerk.pk), person_form(world.clerk, is_superuser="on"))
    world.clerk.refresh_from_db()
    assert not world.clerk.is_superuser
    operator: User = UserFactory(is_superuser=True)
    assert keeper.post(url(User, "change", operator.pk), person_form(operator)).status_code == 403
    new = {"new_password1": "another long one 9", "new_password2": "another long one 9"}
    assert keeper.post(url(User, "password", operator.pk), new).status_code == 403
    sign_in(operator).post(url(User, "change", world.clerk.pk), person_form(world.clerk, is_superuser="on"))
    world.clerk.refresh_from_db()
    assert world.clerk.is_superuser


def test_colleagues_are_seen_without_their_addresses(world: World, sign_in: SignIn, hami_reviewer: User) -> None:
    User.objects.filter(pk=world.clerk.pk).update(email="clerk@example.test")
    client = sign_in(hami_reviewer)
    page = client.get(url(User, "change", world.clerk.pk))
    assert page.status_code == 200 and "clerk@example.test" not in text_of(page)
    assert client.get(url(User) + "?email__startswith=clerk").status_code == 400
    assert client.get(url(User) + "?password__startswith=a").status_code == 400


def test_every_admin_asks_the_policies() -> None:
    assert all(isinstance(registered, PolicyModelAdmin) for registered in admin.site._registry.values())


def test_a_drop_down_offers_the_persons_sites_only(both_sites: World, hami_reviewer: User) -> None:
    """Nobody of one site edits today; whoever will one day is not offered another's rows."""
    request = RequestFactory().get("/")
    request.user = hami_reviewer
    for model, field in ((Stack, "site"), (EmissionLimit, "stack"), (Membership, "user")):
        offered = admin.site._registry[model].formfield_for_foreignkey(model._meta.get_field(field), request)
        assert offered is not None
        labels = [str(label) for _value, label in offered.choices]
        assert len(labels) > 1 and not any("aishan" in label for label in labels), (model, labels)
