"""A person at a browser that keeps its connection: signs in, asks for pages, sends forms, waits for jobs."""

import contextlib
import json
import re
import time
import uuid
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlencode, urljoin, urlsplit

from benchmarks.forms import Form, forms_in

# Nothing that is measured takes longer, in seconds.
_LONGEST: Final = 3600
_JOB: Final = re.compile(r"/jobs/\d+/$")


class UnexpectedAnswerError(RuntimeError):
    """A page did not answer as the benchmark needs it: the figures would be of something else."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back. ``seconds`` run from the first byte sent to the last one read."""

    status: int
    path: str
    location: str
    body: bytes
    queries: int
    seconds: float

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def forms(self) -> list[Form]:
        return forms_in(self.text)

    def form(self, action_ends: str = "", form_id: str = "") -> Form:
        """The form that goes to an address with this ending, or has this id."""
        for form in self.forms:
            if (form_id and form.id == form_id) or (
                action_ends and form.action.partition("?")[0].endswith(action_ends)
            ):
                return form
        raise UnexpectedAnswerError(f"{self.path}: no form {action_ends or form_id}; status {self.status}")

    def expect(self, *statuses: int) -> Self:
        """Itself, where the status is one of these."""
        if self.status not in statuses:
            start = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.body[:3000].decode(errors="replace")))
            raise UnexpectedAnswerError(f"{self.path}: {self.status} instead of {statuses}: {start[:600]}")
        return self


class Browser:
    """One person with one kept connection to one server."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._connection = HTTPConnection("127.0.0.1", port, timeout=_LONGEST)
        self._cookies: dict[str, str] = {}

    def sign_in(self, path: str, fields: dict[str, str]) -> Self:
        """Through the page where people sign in."""
        self.get(path).expect(200)
        self.post(path, fields).expect(302)
        return self

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, b"", {})

    def post(
        self, path: str, fields: dict[str, str] | list[tuple[str, str]], upload: tuple[str, Path] | None = None
    ) -> Answer:
        """Sends a form, with a file where ``upload`` names a field and a path."""
        pairs = list(fields.items()) if isinstance(fields, dict) else fields
        if upload is None:
            return self._ask(
                "POST", path, urlencode(pairs).encode(), {"Content-Type": "application/x-www-form-urlencoded"}
            )
        boundary = uuid.uuid4().hex
        name, file = upload
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in pairs
        ]
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{file.name}"\r\n'
        parts += [head.encode(), b"Content-Type: application/octet-stream\r\n\r\n", file.read_bytes()]
        body = b"".join([*parts, f"\r\n--{boundary}--\r\n".encode()])
        return self._ask("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})

    def follow(self, answer: Answer) -> Answer:
        """Where an answer leads in the end: through redirects, and through jobs as soon as they are done."""
        while True:
            if answer.status in (302, 303):
                answer = self.get(answer.location)
            elif _JOB.search(urlsplit(answer.path).path) and answer.status == 200:
                answer = self.wait_for_job(answer)
                if not answer.location:
                    return answer
            else:
                return answer

    def wait_for_job(self, answer: Answer, pause: float = 0.02) -> Answer:
        """Asks how far the job of this page is until it has ended, then for its page, or for where that leads."""
        while not (status := json.loads(self.get(f"{answer.path}status/").expect(200).body))["is_finished"]:
            time.sleep(pause)
        if status["state"] != "done":
            raise UnexpectedAnswerError(f"{answer.path}: the job ended as {status['state']}: {status['words']}")
        return self.get(answer.path)

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        headers = {
            **headers,
            "Host": f"127.0.0.1:{self.port}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "X-CSRFToken": self._cookies.get("csrftoken", ""),
            "Accept-Language": "en",
        }
        begun = time.perf_counter()
        response, content = self._send(method, path, body, headers)
        seconds = time.perf_counter() - begun
        for line in response.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self._cookies[name] = morsel.value
        location = response.getheader("Location") or ""
        return Answer(
            status=response.status,
            path=path,
            location=urljoin(path, location) if location else "",
            body=content,
            queries=int(response.getheader("X-Queries") or 0),
            seconds=seconds,
        )

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[HTTPResponse, bytes]:
        """Once more where the server had closed the kept connection in the meantime."""
        for last in (False, True):
            try:
                self._connection.request(method, path, body or None, headers)
                response = self._connection.getresponse()
                return response, response.read()
            except (HTTPException, OSError):
                self._connection.close()
                if last:
                    raise
        raise AssertionError

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._connection.close()
