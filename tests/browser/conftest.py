"""A real Chromium for the tests in this folder, and what they have in common."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from apps.accounts.models import User
from tests.factories import PASSWORD, World

# How long a page may take on a busy machine before a test gives up.
PATIENCE_MS = 20_000


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("ESGPORTAL_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        pytest.fail("No Chromium found: name it in ESGPORTAL_CHROMIUM, or let scripts/chromium.sh install it.")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


class Visitor:
    """Somebody at a browser window: a page that knows its server, signs in, and notes what goes wrong in it."""

    def __init__(self, context: BrowserContext, base_url: str) -> None:
        self.context = context
        self.base_url = base_url
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        # A page that answers 404, 409 or 422 on purpose is logged as a resource that failed to load.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(message.text)

    def open(self, path: str) -> Page:
        self.page.goto(self.base_url + path)
        return self.page

    def sign_in(self, user: User, password: str = PASSWORD) -> Page:
        page = self.open("/accounts/login/")
        page.fill("#id_login", user.username)
        page.fill("#id_password", password)
        page.click("main form button")
        page.wait_for_url(lambda url: "/accounts/login/" not in url)
        return page

    def violations(self) -> list[str]:
        """What axe says of the page as it stands, one line for each rule and place."""
        # Without loading sheets a second time, for which the policy of the page has no leave.
        found: Any = Axe().run(self.page, options={"preload": False}).response["violations"]
        return [
            f"{self.page.url} {rule['id']}: {node['html'][:160]} {node['failureSummary']}"
            for rule in found
            for node in rule["nodes"]
        ]

    def overflow(self) -> int:
        """By how many pixels the page can be scrolled sideways."""
        width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.page.evaluate(width))

    def tab_to(self, selector: str, most: int = 120) -> None:
        """Presses Tab until something that fits ``selector`` has the focus."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
                return
        raise AssertionError(f"the keyboard does not reach {selector}")


@pytest.fixture
def world(transactional_db: None) -> World:
    """The server of these tests runs in a thread of its own, so what it reads must be committed."""
    return World()


@pytest.fixture
def visit(browser: Browser, live_server: Any, world: World) -> Iterator[Callable[..., Visitor]]:
    """Opens a window, by default of a laptop; at the end no window may have complained."""
    visitors: list[Visitor] = []

    def open_window(user: User | None = None, *, width: int = 1280, language: str = "zh-hans") -> Visitor:
        context = browser.new_context(viewport={"width": width, "height": 800}, locale="zh-CN")
        visitor = Visitor(context, live_server.url)
        visitors.append(visitor)
        if user is not None:
            User.objects.filter(pk=user.pk).update(language=language)
            visitor.sign_in(user)
        return visitor

    yield open_window
    for visitor in visitors:
        visitor.context.close()
    assert [complaint for visitor in visitors for complaint in visitor.complaints] == []
