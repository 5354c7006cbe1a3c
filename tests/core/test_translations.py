"""Every word people read stands in the catalogues, in both kinds of Chinese, in the words of the glossary."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
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
from django.utils.translation.reloader import translation_file_changed
from opencc import OpenCC

import apps
from apps.core.message_catalogues import LOCALES, collect, compile_stale, read
from apps.core.units import UNITS
from apps.submissions.choices import CellState, Method
from apps.submissions.entry import spoken
from apps.submissions.sections import sections
from scripts.draft_traditional import HongKong, fill, read_terms
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


def test_messages_are_marked_by_names_the_collector_knows() -> None:
    """An alias such as ``_lazy`` would hide its messages."""
    hidden = []
    for path in (BASE / "apps").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
                for name in node.names:
                    plain = name.name in ("gettext", "gettext_lazy") and name.asname == "_"
                    if "gettext" in name.name and name.asname and not plain:
                        hidden.append(f"{path.relative_to(BASE)}: {name.name} as {name.asname}")
    assert hidden == []


def test_messages_stand_outside_of_f_strings() -> None:
    """The collector does not look into them, and the words would stay English."""
    hidden = [
        f"{path.relative_to(BASE)}: {ast.unparse(call)}"
        for path in (BASE / "apps").rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        if call.func.id == "_" or "gettext" in call.func.id
    ]
    assert hidden == []


def test_no_message_is_left_over(sources: Catalog, catalogue: Catalog) -> None:
    wanted = {_key(message) for message in _messages(sources)}
    left_over = [_key(message)[1] for message in _messages(catalogue) if _key(message) not in wanted]
    assert not left_over and not catalogue.obsolete, f"make messages: {left_over}"


def test_placeholders_and_tags_agree(catalogue: Catalog) -> None:
    for message in _messages(catalogue):
        # The singular may do without its number ("one form"); Chinese has one form for all.
        wanted = message.id if isinstance(message.id, str) else message.id[1]
        for text in filter(None, _texts(message)):
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
# The label of a time stamp; the column of the statements on products.
_OTHER_MEANINGS: Final = frozenset({"approved", "Statement"})


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


def test_drafts_of_traditional_follow_the_glossary() -> None:
    hong_kong = HongKong(read_terms())
    for _english, term in _glossary():
        assert hong_kong.convert(term["zh_Hans"]) == term["zh_Hant"]


@pytest.mark.parametrize(
    ("simplified", "hong_kong"),
    [
        ("上传佐证文件，再保存文件", "上載佐證文件，再儲存檔案"),
        ("登录后打开说明", "登入後開啟說明"),
        ("每个用户的温室气体数据", "每個用戶的溫室氣體數據"),
        ("“%(name)s”：<b>第 %(row)d 列</b>", "“%(name)s”：<b>第 %(row)d 欄</b>"),
    ],
)
def test_drafts_speak_as_in_hong_kong(simplified: str, hong_kong: str) -> None:
    assert HongKong(read_terms()).convert(simplified) == hong_kong


@pytest.mark.parametrize(("everything", "kept"), [(False, "由人改過"), (True, "保留")])
def test_drafts_leave_what_is_translated(everything: bool, kept: str) -> None:
    simplified, traditional = Catalog(locale="zh_Hans"), Catalog(locale="zh_Hant")
    for catalogue, first in ((simplified, "保留"), (traditional, "由人改過")):
        catalogue.add("keep", first)
        catalogue.add("new", "保存" if catalogue is simplified else "")
        catalogue.add(("%(n)d day", "%(n)d days"), ("%(n)d 个",) if catalogue is simplified else ())
    fill(simplified, traditional, everything=everything)
    assert [message.string for message in _messages(traditional)] == [kept, "儲存", ("%(n)d 個",)]


# --- text that is in no catalogue


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>{% translate 'Save' %} {{ name }} · 3 %</p>", []),
        ("<p>{% blocktranslate %}All of it{% endblocktranslate %}</p>", []),
        ("<p>Save {{ name }}</p>", ["Save"]),
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
    paths = [
        path
        for path in (BASE / "templates").rglob("*")
        # The style guide is there while debugging only, and shows the names of classes and tags.
        if path.suffix in (".html", ".txt") and path.name != "styleguide.html"
    ]
    assert len(paths) > 10
    found = {
        path.relative_to(BASE).as_posix(): texts
        for path in paths
        if (texts := visible_text.in_template(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_apps_keep_no_templates_of_their_own() -> None:
    """Those would escape the collecting of messages."""
    assert not list((BASE / "apps").rglob("*.html"))


def test_finds_literals_in_python(tmp_path: Path) -> None:
    path = tmp_path / "view.py"
    path.write_text(
        """
messages.success(request, "It is saved.")
messages.success(request, _("It is saved."))
raise ValidationError({"unit": f"Not {unit} please"})
raise ValueError("nobody sees this")
forms.CharField(label="Unit")
form.add_error("unit", _("No."))
"""
    )
    assert visible_text.in_python(path) == ["2: It is saved.", "4: Not  please", "6: Unit"]


def test_finds_sentences_in_javascript() -> None:
    source = """// Keeps what was typed.
const key = "Enter"; /* It's fine */ report("Not saved yet"); find('a[href="x"]');
"""
    assert visible_text.in_javascript(source) == ["Not saved yet"]


def test_nobody_is_told_a_literal() -> None:
    paths = [path for path in (BASE / "apps").rglob("*.py") if not {"migrations", "management"} & set(path.parts)]
    found = {path.relative_to(BASE).as_posix(): texts for path in paths if (texts := visible_text.in_python(path))}
    assert found == {}


def test_scripts_hold_no_sentences() -> None:
    """Scripts take their words from the page."""
    paths = list((BASE / "static" / "js").rglob("*.js"))
    assert paths
    found = {path.name: texts for path in paths if (texts := visible_text.in_javascript(path.read_text("utf-8")))}
    assert found == {}


# --- labels that are made at import time


@pytest.fixture
def chinese() -> Iterator[None]:
    for path in compile_stale(BASE):
        translation_file_changed(None, path)
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


def _descendants(base: type[Any]) -> Iterator[type[Any]]:
    children: list[type[Any]] = base.__subclasses__()
    for child in children:
        if child.__module__.startswith("apps."):
            yield child
        yield from _descendants(child)


@pytest.mark.usefixtures("chinese")
def test_models_speak_chinese() -> None:
    texts: dict[str, Any] = {}
    for config in django_apps.get_app_configs():
        if config.name.startswith("apps.") and config.models:
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
            if constraint.violation_error_message == constraint.default_violation_error_message:
                continue  # Django has words of its own then
            texts[f"{model._meta.label} {constraint.name}"] = constraint.violation_error_message
    assert len(texts) > 100
    assert _english(texts) == {}


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_files_understand_the_words_of_the_page(language: str) -> None:
    with translation.override(language):
        for choices in (CellState, Method):
            for value, label in choices.choices:
                assert spoken(str(label)) == value


@pytest.mark.usefixtures("chinese")
def test_choices_and_declarations_speak_chinese() -> None:
    _our_modules()
    texts: dict[str, Any] = {}
    for choices in _descendants(models.Choices):
        texts |= {f"{choices.__qualname__}.{member.name}": member.label for member in choices}
    for section in sections:
        texts[section.code] = section.title
        for table in section.tables:
            texts |= {f"{section.code}.{table.code}": table.title, f"{section.code}.{table.code} help": table.help}
    assert _english(texts) == {}


# They look at what was posted and are never drawn.
_READ_ONLY_BY_CODE: Final = frozenset({"LanguageForm", "RemarkForm"})


@pytest.mark.usefixtures("chinese")
def test_forms_speak_chinese() -> None:
    _our_modules()
    texts: dict[str, Any] = {}
    for form in _descendants(BaseForm):
        for name, field in getattr(form, "base_fields", {}).items():
            if form.__name__ not in _READ_ONLY_BY_CODE and not isinstance(field.widget, forms.HiddenInput):
                # Without a label Django makes one of the field's English name.
                texts[f"{form.__qualname__}.{name}"] = name if field.label is None else field.label
                texts[f"{form.__qualname__}.{name} help"] = field.help_text
    assert texts
    assert _english(texts) == {}


@pytest.mark.usefixtures("chinese")
def test_the_admin_speaks_chinese() -> None:
    texts: dict[str, Any] = {}
    registered: dict[type[models.Model], Any] = admin.site._registry
    for model, model_admin in registered.items():
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
    assert _english(texts) == {}
