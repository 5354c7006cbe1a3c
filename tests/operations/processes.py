"""The portal as it runs in production: web processes and workers of their own, and people who come through a proxy."""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection

from apps.accounts.models import User
from tests.factories import PASSWORD

HOST = "esg.example.test"
# Seconds for a process to start on a busy machine.
PATIENCE = 60


def database_url() -> str:
    """Of the database of this test."""
    now = connection.settings_dict
    host, port = quote(str(now["HOST"]), safe=""), now["PORT"] or 5432
    password = f":{quote(now['PASSWORD'])}" if now["PASSWORD"] else ""
    return f"postgresql://{now['USER']}{password}@{host}:{port}/{now['NAME']}"


def production(folder: Path, database: str, **more: str) -> dict[str, str]:
    """The environment of one host: behind one proxy, with files in ``folder`` unless a store is named."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ESGPORTAL_", "DATABASE_"))}
    return {
        **kept,
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "esgportal.settings",
        "ESGPORTAL_SECRET_KEY": "k" * 60,
        "ESGPORTAL_ALLOWED_HOSTS": HOST,
        "ESGPORTAL_TRUSTED_PROXIES": "1",
        "ESGPORTAL_MEDIA_ROOT": str(folder / "media"),
        "ESGPORTAL_STATIC_ROOT": str(folder / "static"),
        "WEB_CONCURRENCY": "1",
        **more,
    }


def let_in(*people: User) -> None:
    """Their password as production hashes it: the tests' own hasher is not known there."""
    encoded = Argon2PasswordHasher().encode(PASSWORD, "a-salt-for-tests")
    User.objects.filter(pk__in=[person.pk for person in people]).update(password=encoded)


def collect_static(environment: Mapping[str, str]) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
        cwd=settings.BASE_DIR,
        env=dict(environment),
        check=True,
    )


def command(environment: Mapping[str, str], *words: str) -> str:
    """What a command of ``manage.py`` prints; it has to succeed."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=settings.BASE_DIR,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def worker(environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """``manage.py db_worker``."""
    command = [sys.executable, "manage.py", "db_worker", "--no-reload", "--no-startup-delay", "--interval", "0.1"]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=dict(environment), start_new_session=True)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE)


@dataclass(kw_only=True)
class Web:
    """One host with a web process. ``log`` is what it has written."""

    port: int
    process: subprocess.Popen[bytes]
    log_file: Path

    @property
    def log(self) -> str:
        return self.log_file.read_text()

    def health(self, name: str) -> tuple[int, str]:
        """As a load balancer asks, without the proxy's headers."""
        answer = _ask(self.port, "GET", f"/{name}", {"Host": HOST})
        return answer.status, answer.text.strip()


@contextmanager
def web(folder: Path, environment: Mapping[str, str]) -> Iterator[Web]:
    """A web process with the settings of ``deploy/``, ready to serve."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log_file = folder / f"web-{port}.log"
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "esgportal.wsgi", "-c", "deploy/gunicorn.conf.py"],
            cwd=settings.BASE_DIR,
            env={**environment, "ESGPORTAL_BIND": f"127.0.0.1:{port}"},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    served = Web(port=port, process=process, log_file=log_file)
    try:
        _until_ready(served)
        yield served
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _until_ready(served: Web) -> None:
    for _ in range(PATIENCE * 10):
        try:
            if served.health("readyz")[0] == 200:
                return
        except OSError:
            pass
        assert served.process.poll() is None, served.log
        time.sleep(0.1)
    raise AssertionError(served.log)


@dataclass(kw_only=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()


def _ask(port: int, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        asked.request(method, path, body or None, dict(headers))
        got = asked.getresponse()
        return Answer(status=got.status, headers=got.headers, content=got.read())
    finally:
        asked.close()


@dataclass(kw_only=True)
class Person:
    """Somebody with a browser whose requests a proxy sends to one host or another."""

    name: str
    address: str = "198.51.100.7"
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, host: Web, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        return self._send(host, "GET", path, more=headers or {})

    def post(self, host: Web, path: str, data: Mapping[str, str], file: tuple[str, bytes] | None = None) -> Answer:
        """Sends a form with the token that the cookie has; with ``file`` as name and bytes."""
        fields = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **data}
        if file is None:
            return self._send(host, "POST", path, urlencode(fields).encode(), "application/x-www-form-urlencoded")
        mark = uuid.uuid4().hex
        part = f'--{mark}\r\nContent-Disposition: form-data; name="'
        body = "".join(f'{part}{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()).encode()
        body += f'{part}file"; filename="{file[0]}"\r\nContent-Type: text/plain\r\n\r\n'.encode() + file[1]
        return self._send(
            host, "POST", path, body + f"\r\n--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"
        )

    def sign_in(self, host: Web, password: str = PASSWORD) -> Answer:
        self.get(host, "/accounts/login/")
        return self.post(host, "/accounts/login/", {"login": self.name, "password": password})

    def _send(
        self,
        host: Web,
        method: str,
        path: str,
        body: bytes = b"",
        content_type: str = "",
        more: Mapping[str, str] | None = None,
    ) -> Answer:
        headers = {
            "Host": HOST,
            "X-Forwarded-For": self.address,
            "X-Forwarded-Proto": "https",
            "Referer": f"https://{HOST}/",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            **({"Content-Type": content_type} if content_type else {}),
            **(more or {}),
        }
        answer = _ask(host.port, method, path, headers, body)
        for line in answer.headers.get_all("Set-Cookie", []):
            for name, cookie in SimpleCookie(line).items():
                if cookie.value:
                    assert cookie["secure"] and cookie["samesite"], line
                    self.cookies[name] = cookie.value
                else:
                    self.cookies.pop(name, None)
        return answer


def form_action(page: str, ending: str) -> str:
    """The address of the form on a page whose address ends so."""
    found = re.search(rf'action="([^"]*{re.escape(ending)})"', page)
    assert found, page
    return unescape(found.group(1))
