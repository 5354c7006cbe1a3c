"""Floors that are pages: they stand behind the portal's own middleware, and only people who signed in get through."""

from typing import Final

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines

_PAGE: Final = engines["django"].from_string(
    "<!doctype html><title>Submissions</title><table>"
    "{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>"
)
_ROWS: Final = """
SELECT s.id, site.code, site.name_en, p.code, s.section, s.state, s.saved_at
FROM submissions_submission s
JOIN organisation_site site ON site.id = s.site_id
JOIN organisation_period p ON p.id = s.period_id
ORDER BY s.id DESC LIMIT 50
"""


def auth(request: HttpRequest) -> HttpResponse:
    """An empty view: what it costs to know who asks."""
    return HttpResponse(f"ok {request.user.pk}")


def raw_page(request: HttpRequest) -> HttpResponse:
    """Fifty rows by one statement in the smallest of templates, for somebody who signed in."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS)
        return HttpResponse(_PAGE.render({"rows": cursor.fetchall()}, request))
