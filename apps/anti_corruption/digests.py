"""SHA-256 over what was issued and what was signed, so that anybody can recompute it.

The canonical form is JSON in UTF-8: keys sorted, no spaces, characters as they are. What goes in is listed here.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from apps.anti_corruption.models import Declaration, DocumentVersion

_LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


def _canonical(content: Any) -> bytes:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def sha256_of(content: Any) -> str:
    """The digest of the canonical form of ``content``, as 64 hexadecimal digits."""
    return hashlib.sha256(_canonical(content)).hexdigest()


def of_version(version: DocumentVersion) -> str:
    """Over the document's code and titles, the version's name and first day, its words and its questions."""
    return sha256_of(
        {
            "document": version.document.code,
            "kind": version.document.kind,
            "titles": {language: version.document.name_in(language) for language in _LANGUAGES},
            "version": version.number,
            "in_force_from": version.effective_on.isoformat(),
            "texts": {language: version.text_in(language) for language in _LANGUAGES},
            "questions": [
                {"kind": question.kind, "texts": {language: question.text_in(language) for language in _LANGUAGES}}
                for question in version.questions.order_by("position", "pk")
            ],
        }
    )


def of_declaration(declaration: Declaration) -> str:
    """Over who signed what, when, in which words, from where; and over the declaration that it replaces."""
    return hashlib.sha256(canonical(declaration)).hexdigest()


def canonical(declaration: Declaration) -> bytes:
    """The bytes over which the digest of a declaration is taken. Its signer may have them as a file."""
    replaced = declaration.replaces
    return _canonical(
        {
            "duty": declaration.duty_id,
            "signer": declaration.signer_id,
            "signed_at": declaration.signed_at.isoformat(),
            "name": declaration.signed_name,
            "language": declaration.language,
            "address": declaration.address,
            "statement": declaration.statement_sha256,
            "code": declaration.conduct_sha256,
            "answers": declaration.answers,
            "replaces": replaced.sha256 if replaced is not None else None,
            "replaced_because": declaration.replaced_because,
        }
    )


def differences() -> Iterator[str]:
    """Issued versions and declarations that no longer give their digest, each in a sentence for who verifies."""
    versions: Any = DocumentVersion.objects.issued().select_related("document").order_by("pk")
    for version in versions:
        if of_version(version) != version.sha256:
            yield f"{version.document.code} {version.number}: the text differs from its digest"
    declarations: Any = Declaration._default_manager.select_related("replaces", "statement", "conduct").order_by("pk")
    for declaration in declarations.iterator(500):
        if of_declaration(declaration) != declaration.sha256:
            yield f"declaration {declaration.pk}: what was signed differs from its digest"
        signed = (declaration.statement.sha256, declaration.conduct.sha256)
        if signed != (declaration.statement_sha256, declaration.conduct_sha256):
            yield f"declaration {declaration.pk}: the texts are not those that were signed"
