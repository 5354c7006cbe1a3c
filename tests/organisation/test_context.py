"""What every page shows comes from one place: a page that used the same name would change the header."""

import ast
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from apps.organisation.context import portal


def test_no_page_takes_a_name_of_the_header() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    taken = set(portal(request)) - {"group"}
    found = []
    for path in Path(settings.BASE_DIR, "apps").rglob("*views*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Dict):
                names = {key.value for key in node.keys if isinstance(key, ast.Constant)}
                found += [f"{path.name}: {name}" for name in names & taken]
    assert found == []
