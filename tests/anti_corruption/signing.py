"""Ways to read, fill in and sign, for tests: through the pages as people do, or straight through the services."""

from typing import Any

from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.anti_corruption.answers import Answer
from apps.anti_corruption.models import Declaration, Duty, QuestionKind
from tests.anti_corruption.records import answered, sign
from tests.factories import PASSWORD


def address(view: str, *args: int) -> str:
    return reverse(f"integrity:{view}", args=args)


def duty_of(user: User) -> Duty:
    """The newest one."""
    return Duty.objects.filter(user=user).select_related("campaign").latest("pk")


def read_text(client: Client, duty: Duty, version: int, language: str = "en") -> Any:
    """Opens the text, then says to have read it; returns the answer to that."""
    page = address("duty_text", duty.pk, version)
    return client.post(page, {"language": language, "shown": client.get(page).context["shown"]})


def read_texts(client: Client, duty: Duty, language: str = "en") -> None:
    for version in (duty.campaign.conduct_id, duty.campaign.statement_id):
        read_text(client, duty, version, language)


def filled(user: User, language: str = "en", /, **told: str) -> dict[str, Any]:
    """A whole form in which nothing is declared but the details in ``told``, by kind."""
    sent: dict[str, Any] = {"language": language, "name": user.full_name, "password": PASSWORD}
    for kind in QuestionKind.values:
        sent[f"choice_{kind}"] = "tells" if kind in told else "nothing"
        sent[f"details_{kind}"] = told.get(kind, "")
    return sent


def signed(duty: Duty, language: str = "en", /, **told: Answer | str) -> Declaration:
    """Reads both texts and signs, as the person of the duty."""
    return sign(duty, answered(**told), language)
