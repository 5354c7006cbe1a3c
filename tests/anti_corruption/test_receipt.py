"""The receipt as a file: what it says, that it is for the signer alone, and that it is always the same."""

import hashlib
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from apps.accounts.models import User
from apps.anti_corruption.answers import Answer
from apps.anti_corruption.models import Declaration, Document
from apps.anti_corruption.signing import receipt, services
from apps.audit.context import acting_as
from apps.core.pdf import PdfDocument
from tests.anti_corruption.records import Integrity, answered, correct, round_of
from tests.anti_corruption.signing import address, duty_of, filled, read_texts, signed
from tests.by_hand import words
from tests.factories import World

SignIn = Callable[[User], Client]


def text_of(content: bytes) -> str:
    """The words of a PDF file, without its line breaks and page numbers."""
    pages = PdfReader(io.BytesIO(content)).pages
    texts = ["".join(page.extract_text().split()) for page in pages]
    feet = [f"{number}/{len(pages)}" for number in range(1, len(pages) + 1)]
    assert all(text.endswith(foot) for text, foot in zip(texts, feet, strict=True))
    return "".join(text.removesuffix(foot) for text, foot in zip(texts, feet, strict=True))


def test_the_receipt_is_a_file_in_the_language_that_was_signed(world: World, sign_in: SignIn) -> None:
    integrity = Integrity(world)
    Document._default_manager.filter(code="assurance_statement").update(name_zh_hant="廉潔自律承諾書")
    User.objects.filter(pk=world.clerk.pk).update(full_name="王小明", language="en")
    campaign = round_of(integrity, world.clerk)
    loan = Answer(kind="loans", none=False, details="向“北方煤業”借款", partners=("S-0001",), people=())
    declaration = signed(duty_of(world.clerk), "zh-hant", loans=loan, wrongdoing="見《舉報》第一頁 · 2026-11-26")
    client = sign_in(User.objects.get(pk=world.clerk.pk))
    response = client.get(address("receipt_pdf", declaration.pk))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="receipt-{declaration.pk}.pdf"'
    text = text_of(response.content)
    for said in (
        "廉潔自律承諾書",
        "王小明",
        "向“北方煤業”借款",
        "S-0001",
        "見《舉報》第一頁·2026-11-26",
        "192.0.2.7",
        "Asia/Shanghai,UTC+08:00",
        "您是否與業務單位或其人員有借貸往來？",
        declaration.sha256,
        campaign.statement.sha256,
        campaign.conduct.sha256,
        f"receipt-{declaration.pk}.json",
    ):
        assert said in text
    assert "Haveyoulentmoney" not in text


def test_the_file_is_the_same_whenever_and_in_whichever_language_it_is_asked_for(world: World, sign_in: SignIn) -> None:
    round_of(Integrity(world), world.clerk)
    declaration = signed(duty_of(world.clerk), gifts="Mooncakes 月饼")
    files = []
    for language in ("en", "zh-hans", "en"):
        User.objects.filter(pk=world.clerk.pk).update(language=language)
        client = sign_in(User.objects.get(pk=world.clerk.pk))
        files.append(client.get(address("receipt_pdf", declaration.pk)).content)
    assert files[0] == files[1] == files[2] == receipt.receipt_pdf(declaration)


def test_a_receipt_is_for_the_signer_alone(world: World, sign_in: SignIn) -> None:
    integrity = Integrity(world)
    round_of(integrity, world.clerk)
    declaration = signed(duty_of(world.clerk))
    for person in (integrity.officer, integrity.hami_officer, integrity.reader, world.administrator, world.other_clerk):
        for view in ("receipt", "receipt_pdf", "receipt_json", "declaration_correct"):
            assert sign_in(person).get(address(view, declaration.pk)).status_code == 404


def test_the_digest_is_that_of_a_file(world: World, sign_in: SignIn) -> None:
    round_of(Integrity(world), world.clerk)
    first = signed(duty_of(world.clerk), gifts="Mooncakes 月饼\r\nand “tea”")
    second = correct(first, answered(gifts="Tea"))
    client = sign_in(world.clerk)
    for declaration in (first, second):
        file = client.get(address("receipt_json", declaration.pk))
        assert file["Content-Type"] == "application/json"
        assert file["Content-Disposition"] == f'attachment; filename="receipt-{declaration.pk}.json"'
        assert hashlib.sha256(file.content).hexdigest() == declaration.sha256
        receipt = client.get(address("receipt", declaration.pk))
        assert address("receipt_json", declaration.pk) in receipt.content.decode()
        assert f"SHA-256 over the file receipt-{declaration.pk}.json gives the digest" in words(receipt)
    assert json.loads(file.content)["replaces"] == first.sha256


def test_a_document_breaks_lines_and_pages_and_prints_signs_it_has_no_type_for() -> None:
    document = PdfDocument(title="年度報告 Annual report", made_at=timezone.now(), language="zh-hant")
    document.paragraph("廉潔自律" * 200)
    document.table([("标签", "很长的一句话，" * 900), ("Digest", "0123456789abcdef" * 20), ("😀", "\u00ad")])
    reader = PdfReader(io.BytesIO(document.content()))
    assert len(reader.pages) > 2
    text = text_of(document.content())
    assert text.count("很长的一句话，") == 900 and text.count("廉潔自律") == 200
    assert "0123456789abcdef" * 20 in text and "〓" in text
    for page in reader.pages:
        assert not any(line.startswith(("，", "。")) for line in page.extract_text().splitlines())


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        (None, None),
        ("nowhere", None),
    ],
)
def test_the_address_is_signed_as_it_is_kept(world: World, given: str | None, kept: str | None) -> None:
    clerk = world.clerk
    round_of(Integrity(world), clerk)
    duty = duty_of(clerk)
    with acting_as(clerk, "test"):
        for version in (duty.campaign.conduct_id, duty.campaign.statement_id):
            services.note_read(user=clerk, duty_id=duty.pk, version_id=version, language="en")
        made = services.sign(
            user=clerk, duty_id=duty.pk, language="en", name=clerk.full_name, address=given, answers=answered()
        )
    row = Declaration._default_manager.get()
    assert (row.address, row.sha256) == (kept, made.sha256)


def test_behind_a_proxy_the_address_is_the_one_it_reports(world: World, sign_in: SignIn, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    clerk = world.clerk
    round_of(Integrity(world), clerk)
    duty, client = duty_of(clerk), sign_in(clerk)
    read_texts(client, duty)
    client.post(address("duty_sign", duty.pk), filled(clerk), headers={"x-forwarded-for": "203.0.113.9, 198.51.100.77"})
    assert Declaration._default_manager.get().address == "198.51.100.77"
