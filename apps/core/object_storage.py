"""Files in a store that speaks S3: evidence, and the files of jobs.

Nobody gets an address of them: views that ask the policy read them out. Names are never used twice, and what the store
cannot do now comes as ``StoreUnreachable``, whatever the reason: the log has it.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage

from apps.core.files import StoreUnreachable

logger = logging.getLogger(__name__)

# A file is in memory up to this size, and beside it on the disk while it is read out.
_IN_MEMORY: Final = 2 * 1024 * 1024
_CONNECT_SECONDS: Final = 3
_READ_SECONDS: Final = 20
_ATTEMPTS: Final = 2


class ObjectStorage(S3Storage):  # type: ignore[misc]
    """S3 as the portal uses it. ``endpoint_url`` None is AWS."""

    def __init__(self, *, endpoint_url: str | None = None, **options: Any) -> None:
        super().__init__(
            endpoint_url=endpoint_url,
            default_acl=None,
            file_overwrite=False,
            max_memory_size=_IN_MEMORY,
            transfer_config=TransferConfig(use_threads=False),
            client_config=Config(
                connect_timeout=_CONNECT_SECONDS,
                read_timeout=_READ_SECONDS,
                retries={"total_max_attempts": _ATTEMPTS, "mode": "standard"},
                signature_version="s3v4",
                # Stores of one's own seldom have a host name for each bucket, and not all know the newer checksums.
                s3={"addressing_style": "path" if endpoint_url else "auto"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
            **options,
        )

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        """Fetches the whole file at once, so that what goes wrong does so before a page has begun."""
        with _told(name):
            opened: File[Any] = super()._open(name, mode)
            if "w" not in mode:
                opened.open()
            return opened

    def _save(self, name: str, content: File[Any]) -> str:
        with _told(name):
            return str(super()._save(name, content))

    def exists(self, name: str) -> bool:
        with _told(name):
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        with _told(name):
            return int(super().size(name))

    def delete(self, name: str) -> None:
        """Whoever deletes has let go of the file already: one that stays behind for now harms nobody."""
        try:
            super().delete(name)
        except (BotoCoreError, ClientError, Boto3Error) as error:
            logger.warning("the file %s stays in the store, nothing refers to it: %s", name, error)


@contextmanager
def _told(name: str) -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError, Boto3Error) as error:
        logger.error("the store of files failed at %s: %s", name, error)
        raise StoreUnreachable(f"The store of files cannot be reached, or refuses: {type(error).__name__}.") from error
