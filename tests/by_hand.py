"""What many tests need: a page as the words that people read, and a statement past all our code."""

import re
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction


def words(response: Any) -> str:
    """The text of a page without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def refused(sql: str, *params: object) -> str:
    """Runs ``sql`` and returns the database's words of refusal."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return str(caught.value)
