"""A figure about few people stays withheld in the words and in the index of the report."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from tests.by_hand import words
from tests.factories import World
from tests.reporting.words import load_guides, page_of, post, texts, typed


def test_words_cannot_print_what_is_withheld(small_site: World, sign_in: Callable[[User], Client]) -> None:
    load_guides()
    client = sign_in(small_site.reviewer)
    said = texts(*["{WF-END-WOMEN} women, at Hami {WF-END-WOMEN@HAMI|number} and {WF-END-MEN@HAMI} men."] * 3)
    page = words(post(client, page_of("2020", "B1.1"), **typed(said, 0, hand_in="1")))
    assert "64 persons women, at Hami {WF-END-WOMEN@HAMI|number}" in page
    assert "{WF-END-WOMEN@HAMI|number} has no value in 2020: withheld." in page
    assert "Saved, but not handed in" in page and "7,919" not in page
    assert "7,919" not in words(client.get(reverse("reporting:year", args=["2020"])))
