"""What the tests of several processes share."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.conf import settings
from django.core.cache import cache

from tests.factories import World
from tests.operations.processes import collect_static, production

KEYS = {"access_key": "key-of-the-tests", "secret_key": "secret-of-the-tests", "region_name": "us-east-1"}


@pytest.fixture
def committed_world(transactional_db: None) -> Iterator[World]:
    """The world, and counters of sign-in attempts that begin anew: no test empties their table, which is no model."""
    cache.clear()
    yield World()
    cache.clear()


@pytest.fixture(scope="session")
def static_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The collected files of a release, made once."""
    folder = tmp_path_factory.mktemp("release")
    collect_static(production(folder, "postgresql://nobody@localhost/none"))
    return folder / "static"


@dataclass(kw_only=True)
class Store:
    """An S3 server in a process of its own, with an empty bucket."""

    url: str
    process: subprocess.Popen[bytes]
    bucket: str = "esgportal-files"

    @property
    def client(self) -> Any:
        return boto3.client(
            "s3", endpoint_url=self.url, aws_access_key_id=KEYS["access_key"], region_name=KEYS["region_name"],
            aws_secret_access_key=KEYS["secret_key"],
        )  # fmt: skip

    def names(self, prefix: str = "") -> list[str]:
        listed = self.client.list_objects_v2(Bucket=self.bucket, Prefix=prefix)
        return [entry["Key"] for entry in listed.get("Contents", [])]

    def remove(self, name: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=name)

    def acl(self, name: str) -> list[str]:
        """Who may do what with a file: ``owner`` for the owner's full control, and whatever else is granted."""
        granted = self.client.get_object_acl(Bucket=self.bucket, Key=name)
        return [
            "owner" if grant["Grantee"].get("ID") == granted["Owner"]["ID"] else str(grant)
            for grant in granted["Grants"]
        ]

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    @property
    def environment(self) -> dict[str, str]:
        return {
            "ESGPORTAL_S3_BUCKET": self.bucket,
            "ESGPORTAL_S3_ENDPOINT_URL": self.url,
            "ESGPORTAL_S3_REGION": KEYS["region_name"],
            "ESGPORTAL_S3_ACCESS_KEY": KEYS["access_key"],
            "ESGPORTAL_S3_SECRET_KEY": KEYS["secret_key"],
            "ESGPORTAL_S3_PREFIX": "portal",
        }


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (tmp_path / "store.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"]},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    started = Store(url=f"http://127.0.0.1:{port}", process=process)
    try:
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, (tmp_path / "store.log").read_text()
                time.sleep(0.05)
        started.client.create_bucket(Bucket=started.bucket)
        yield started
    finally:
        started.stop()
        log.close()
