"""The description is complete, and real answers are what it says."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from apps.submissions.models import Submission
from tests.api.conftest import Program
from tests.api.openapi_schema import problems, resolved
from tests.api.published import approve_statement, publish
from tests.factories import World

Act = Callable[..., Submission]
Programs = Callable[..., Program]


def described() -> dict[str, Any]:
    response = Client().get("/api/v1/openapi.json")
    assert response.status_code == 200 and response["Cache-Control"] == "no-store"
    found: dict[str, Any] = response.json()
    return found


def test_every_answer_is_as_described(small_site: World, program: Programs, approve: Act) -> None:
    world = small_site
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    publish(world.year)
    whole = described()
    asked: dict[str, list[dict[str, str]]] = {
        "/years": [{}],
        "/sites": [{}],
        "/figures": [{"year": "2020", "limit": "500"}, {"year": "2020", "basis": "published", "provision": "A1.3"}],
        "/provisions": [{"year": "2020"}, {"year": "2020", "basis": "published"}],
        "/provisions/{code}": [{"year": "2020"}],
        "/editions": [{}, {"year": "2020"}],
        "/editions/{year}/{number}": [{}],
        "/editions/{year}/{number}/content": [{}],
    }
    assert set(whole["paths"]) == {f"/api/v1{path}" for path in asked}
    for reader in (program(world.auditor), program(world.clerk, world.hami)):
        for path, requests in asked.items():
            operation = whole["paths"][f"/api/v1{path}"]["get"]
            address = path.strip("/").replace("{code}", "A1.3").replace("{year}", "2020").replace("{number}", "1")
            for parameters in requests:
                response: Any = reader.ask(address, **parameters)
                answers = operation["responses"][str(response.status_code)]
                (schema,) = (kind["schema"] for kind in answers["content"].values())
                assert problems(response.json(), schema, whole, address) == []
                is_hidden = address.endswith("content") and reader.token and not reader.token.whole_group
                assert response.status_code == (404 if is_hidden else 200), address


def test_refusals_are_as_described_and_everything_has_words(world: World, program: Programs) -> None:
    whole = described()
    assert whole["components"]["securitySchemes"]["BearerToken"]["scheme"] == "bearer"
    for path, operations in whole["paths"].items():
        operation = operations["get"]
        assert set(operations) == {"get"} and operation["security"], path
        assert operation["summary"] and operation["description"], path
        assert set(operation["responses"]) == {"200", "401", "404", "422", "429"}, path
        for parameter in operation["parameters"]:
            assert parameter.get("description") or parameter["schema"].get("description"), (path, parameter["name"])
    for name, schema in whole["components"]["schemas"].items():
        assert schema.get("description"), name
    refusal = whole["paths"]["/api/v1/figures"]["get"]["responses"]["401"]["content"]
    (problem,) = (resolved(kind["schema"]["$ref"], whole) for kind in refusal.values())
    reader = program(world.auditor)
    for answer in (Program("none").ask("years"), reader.ask("figures"), reader.ask("figures", year="1999")):
        shown: Any = answer
        assert problems(shown.json(), problem, whole) == []
    assert list(refusal) == ["application/problem+json"]


def test_provisions_tell_what_the_group_says_only_to_who_reads_the_report(
    world: World, program: Programs, approve: Act
) -> None:
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    assert program(world.auditor).read("provisions", year="2020") == {"guide": None, "items": []}
    approve_statement(world.year, "A1.GD", "We made {ENV-WASTE-HAZ} of waste, {ENV-WASTE-HAZ@HAMI|number} at Hami.")
    edition = publish(world.year)
    group, hami = program(world.auditor), program(world.auditor, world.hami)
    told = {line["code"]: line for line in group.read("provisions", year="2020")["items"]}
    assert (told["A1.3"]["status"], told["A1.GD"]["status"]) == ("reported", "reported")
    assert told == {line["code"]: line for line in group.read("provisions", year="2020", basis="published")["items"]}
    assert told["A1.GD"]["statement"] == "We made 0.8 t of waste, 0.8 at Hami."
    assert "ENV-WASTE-HAZ" in told["A1.3"]["figures"]
    for basis in ("approved", "published"):
        narrow = hami.read("provisions/A1.3", year="2020", basis=basis)
        assert (narrow["status"], narrow["statement"]) == (None, None)
        assert "ENV-WASTE-HAZ" in narrow["figures"]
    assert hami.read("provisions/A1.3", "zh-TW", year="2020")["title"] == "Hazardous waste（繁）"
    assert group.ask("provisions/Z9", year="2020").status_code == 404
    (listed,) = group.read("editions")["items"]
    assert (listed["sha256"], listed["previous_sha256"]) == (edition.sha256, "")
    assert group.read("editions/2020/1")["content"]["year"]["code"] == "2020"
    assert hami.read("editions/2020/1")["content"] is None
    assert hami.ask("editions/2020/1/content").status_code == 404
    assert group.ask("editions/2020/2").status_code == 404
    assert {year["code"]: year["edition"] for year in hami.read("years")["items"]} == {"2020": 1}
