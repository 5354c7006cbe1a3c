"""Finding submissions by what people call their place: a site by name or code, a period by its month or year."""

import re
from typing import Final

from django.db.models import Q
from django.utils.text import smart_split, unescape_string_literal

from apps.organisation.models import Period, Site

_MONTH: Final = re.compile(r"\b(\d{4})\s*[-/年.]\s*(\d{1,2})(?!\d)\s*月?")
_SITE_NAMES: Final = ("code", "name_en", "name_zh_hans", "name_zh_hant")
# Nobody writes more words than that to name a place.
_MOST_WORDS: Final = 6


def meant(text: str, site_path: str, period_path: str) -> Q:
    """Rows of which each word of ``text`` names the site or the period; two questions for each word.

    A month may be written as people write it: 2020-3, 2020/03, 2020年3月.
    """
    found = Q()
    term = _MONTH.sub(lambda month: f"{month[1]}-{int(month[2]):02}", text.replace("\x00", ""))
    for word in list(smart_split(term))[:_MOST_WORDS]:
        if word.startswith(('"', "'")) and word[0] == word[-1] and len(word) > 1:
            word = unescape_string_literal(word)
        named = Q()
        for name in _SITE_NAMES:
            named |= Q(**{f"{name}__icontains": word})
        sites = list(Site.objects.filter(named).order_by().values_list("pk", flat=True))
        periods = list(Period.objects.filter(code__icontains=word).order_by().values_list("pk", flat=True))
        found &= Q(**{f"{site_path}__in": sites}) | Q(**{f"{period_path}__in": periods})
    return found
