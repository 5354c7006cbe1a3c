"""Two people who enter the same complaint at once, on two real connections with real commits."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connections, transaction

from apps.product_responsibility.models import Complaint
from tests.concurrency.test_two_connections import waits_for_a_lock
from tests.factories import World
from tests.product_responsibility.records import month, put_complaint

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    return World()


def test_one_number_is_not_taken_in_two_months_at_once(product_world: World) -> None:
    hami = product_world.hami

    def enter_in_april() -> object:
        try:
            return put_complaint(month(hami, 4), reference="C-7")
        except IntegrityError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            put_complaint(month(hami, 3), reference="C-7")
            april = pool.submit(enter_in_april)
            waits_for_a_lock()
        assert "another month of the site" in str(april.result())
    assert Complaint._default_manager.count() == 1
