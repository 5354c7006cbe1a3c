"""Every word people read stands in the catalogues, in both kinds of Chinese, in the words of the glossary."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from babel.messages.catalog import Catalog, Message
from django import forms
from django.apps import apps as django_apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.db import models
from django.forms.forms import BaseForm
from django.utils import translation
from django.utils.translation import trans_real
from opencc import OpenCC

import apps
from apps.core.message_catalogues import LOCALES, collect, compile_stale, read
from apps.core.units import UNITS
from apps.submissions.sections import sections
from tests.core import visible_text

BASE: Final = settings.BASE_DIR
_NAMES: Final = re.compile(r"%\((\w+)\)")
_TAGS: Final = re.compile(r"</?\w[^>]*>")


@pytest.fixture(scope="module")
def sources() -> Catalog:
    return collect(BASE)


@pytest.fixture(scope="module", params=LOCALES)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    return read(BASE, request.param)


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _key(message: Message) -> tuple[str | None, str]:
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def _texts(message: Message) -> list[str]:
    if isinstance(message.string, str):
        return [message.string]
    return list(message.string or [""])


def test_every_message_is_translated(sources: Catalog, catalogue: Catalog) -> None:
    translated = {_key(message) for message in _messages(catalogue) if all(_texts(message)) and not message.fuzzy}
    lacking = sorted({_key(message)[1] for message in _messages(sources) if _key(message) not in translated})
    assert not lacking, f"make messages, then translate: {lacking}"


def test_no_message_is_left_over(sources: Catalog, catalogue: Catalog) -> None:
    wanted = {_key(message) for message in _messages(sources)}
    left_over = [_key(message)[1] for message in _messages(catalogue) if _key(message) not in wanted]
    assert not left_over and not catalogue.obsolete, f"make messages: {left_over}"


def test_placeholders_and_tags_agree(catalogue: Catalog) -> None:
    for message in _messages(catalogue):
        # The singular may do without its number ("one form"); Chinese has one form for all.
        wanted = message.id if isinstance(message.id, str) else message.id[1]
        for text in _texts(message):
            assert set(_NAMES.findall(text)) == set(_NAMES.findall(wanted)), wanted
            assert sorted(_TAGS.findall(text)) == sorted(_TAGS.findall(wanted)), wanted


def test_simplified_holds_no_traditional_character() -> None:
    to_simplified = OpenCC("t2s")
    for message in _messages(read(BASE, "zh_Hans")):
        for text in _texts(message):
            assert to_simplified.convert(text) == text


# OpenCC would write these otherwise; Hong Kong writes them so.
_HONG_KONG_TOO: Final = frozenset("台群准")


def test_traditional_holds_no_simplified_character() -> None:
    to_traditional, to_simplified = OpenCC("s2t"), OpenCC("t2s")
    for message in _messages(read(BASE, "zh_Hant")):
        for text in _texts(message):
            simplified = [
                character
                for character in text
                if to_traditional.convert(character) != character == to_simplified.convert(character)
                and character not in _HONG_KONG_TOO
            ]
            assert not simplified, text


# A word of the glossary that is also the label of something else.
_OTHER_MEANINGS: Final = frozenset({"approved"})  # the label of a time stamp


def _glossary() -> Iterator[tuple[str, dict[str, str]]]:
    for line in (BASE / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) > 5 and cells[1] not in ("English", "---"):
            for term in cells[1].split(";"):
                yield term.strip().removeprefix("to ").lower(), {"zh_Hans": cells[2], "zh_Hant": cells[3]}


def test_words_are_those_of_the_glossary(catalogue: Catalog) -> None:
    terms = dict(_glossary())
    assert len(terms) > 50
    for message in _messages(catalogue):
        if message.context or not isinstance(message.id, str) or message.id in _OTHER_MEANINGS:
            continue
        term = terms.get(message.id.lower())
        if term is not None:
            assert message.string == term[str(catalogue.locale)], message.id


# --- text that is in no catalogue


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>{% translate 'Save' %} {{ name }} · 3 %</p>", []),
        ("<p>{% blocktranslate %}All of it{% endblocktranslate %}</p>", []),
        ("<p>Save {{ name }}</p>", ["Save …"]),
        ('<a title="Open" aria-label="{{ name }}">XLSX</a>', ["title=Open"]),
        ("<input type=submit value=Save><input value=abc>", ["value=Save"]),
        ('<p class="soft small"><svg><text>kWh</text></svg></p><script>let a = "Big words";</script>', []),
        ('{% include "a.html" with title="Some words" css="button small" %}', ["Some words"]),
        ('{{ person|default:"Nobody" }}{{ day|date:"SHORT_DATE_FORMAT" }}', ["Nobody"]),
    ],
)
def test_finds_text_in_templates(source: str, found: list[str]) -> None:
    assert visible_text.in_template(source) == found


def test_templates_hold_no_text() -> None:
    paths = [path for path in (BASE / "templates").rglob("*") if path.suffix in (".html", ".txt")]
    assert len(paths) > 10
    found = {
        path.relative_to(BASE).as_posix(): texts
        for path in paths
        if (texts := visible_text.in_template(path.read_text(encoding="utf-8")))
    }
    assert not found


def test_apps_keep_no_templates_of_their_own() -> None:
    """Those would escape the collecting of messages."""
    assert not list((BASE / "apps").rglob("*.html"))


def test_nobody_is_told_a_literal() -> None:
    paths = [path for path in (BASE / "apps").rglob("*.py") if not {"migrations", "management"} & set(path.parts)]
    found = {path.relative_to(BASE).as_posix(): texts for path in paths if (texts := visible_text.in_python(path))}
    assert not found


def test_scripts_hold_no_sentences() -> None:
    """Scripts take their words from the page."""
    paths = list((BASE / "static" / "js").rglob("*.js"))
    assert paths
    found = {path.name: texts for path in paths if (texts := visible_text.in_javascript(path.read_text("utf-8")))}
    assert not found


# --- labels that are made at import time


@pytest.fixture
def chinese() -> Iterator[None]:
    if compile_stale(BASE):
        trans_real._translations = {}  # type: ignore[attr-defined]
    with translation.override("zh-hans"):
        yield


_UNIT_WORDS: Final = frozenset(word for unit in UNITS for word in visible_text.words_in(unit))


def _english(texts: dict[str, Any]) -> dict[str, str]:
    """Those that still hold an English word."""
    return {
        where: str(text)
        for where, text in texts.items()
        if set(visible_text.words_in(str(text), least=3)) - _UNIT_WORDS
    }


def _our_modules() -> None:
    for module in pkgutil.walk_packages(apps.__path__, "apps."):
        if ".migrations" not in module.name:
            importlib.import_module(module.name)


def _descendants(base: type) -> Iterator[type]:
    for child in base.__subclasses__():
        if child.__module__.startswith("apps."):
            yield child
        yield from _descendants(child)


@pytest.mark.usefixtures("chinese")
def test_models_speak_chinese() -> None:
    texts: dict[str, Any] = {}
    for config in django_apps.get_app_configs():
        if config.name.startswith("apps."):
            texts[config.label] = config.verbose_name
    for model in django_apps.get_models():
        if not model.__module__.startswith("apps."):
            continue
        texts[model._meta.label] = model._meta.verbose_name
        texts[f"{model._meta.label} (plural)"] = model._meta.verbose_name_plural
        for field in model._meta.concrete_fields:
            texts[f"{field} name"] = field.verbose_name
            texts[f"{field} help"] = field.help_text
            texts |= {f"{field} choice {value}": label for value, label in field.flatchoices}
        for constraint in model._meta.constraints:
            texts[f"{model._meta.label} {constraint.name}"] = constraint.violation_error_message
    assert len(texts) > 100
    assert not _english(texts)


@pytest.mark.usefixtures("chinese")
def test_choices_and_declarations_speak_chinese() -> None:
    _our_modules()
    texts: dict[str, Any] = {}
    for choices in _descendants(models.Choices):
        texts |= {f"{choices.__qualname__}.{member.name}": member.label for member in choices}  # type: ignore[attr-defined]
    for section in sections:
        texts[section.code] = section.title
        for table in section.tables:
            texts |= {f"{section.code}.{table.code}": table.title, f"{section.code}.{table.code} help": table.help}
    assert not _english(texts)


@pytest.mark.usefixtures("chinese")
def test_forms_speak_chinese() -> None:
    _our_modules()
    texts: dict[str, Any] = {}
    for form in _descendants(BaseForm):
        for name, field in getattr(form, "base_fields", {}).items():
            if not isinstance(field.widget, forms.HiddenInput):
                # Without a label Django makes one of the field's English name.
                texts[f"{form.__qualname__}.{name}"] = name if field.label is None else field.label
                texts[f"{form.__qualname__}.{name} help"] = field.help_text
    assert texts
    assert not _english(texts)


@pytest.mark.usefixtures("chinese")
def test_the_admin_speaks_chinese() -> None:
    texts: dict[str, Any] = {}
    for model, model_admin in admin.site._registry.items():
        label = model._meta.label
        for name in {*model_admin.list_display, *model_admin.readonly_fields} - {"__str__", "action_checkbox"}:
            texts[f"{label}.{name}"] = label_for_field(name, model, model_admin)
        for title, _options in model_admin.fieldsets or ():
            texts[f"{label} fieldset {title}"] = title or ""
        for _function, name, description in model_admin._get_base_actions():
            texts[f"{label} action {name}"] = str(description) % {"verbose_name_plural": ""}
        for entry in model_admin.list_filter:
            if isinstance(entry, type):
                texts[f"{label} filter {entry.__name__}"] = getattr(entry, "title", "")
    assert texts
    assert not _english(texts)
