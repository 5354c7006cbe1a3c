"""The page of a job follows the work by itself, for eyes, keyboards and screen readers."""

from collections.abc import Callable

from django.urls import reverse
from django.utils import timezone

from apps.jobs import services
from apps.jobs.models import Job
from tests.browser.conftest import Visitor
from tests.factories import World
from tests.jobs import sample_kinds  # noqa: F401 - makes the kinds known
from tests.jobs.running import run_waiting


def test_a_job_is_followed_to_its_file(visit: Callable[..., Visitor], world: World) -> None:
    job = services.start("test_count", user=world.clerk, arguments={"to": 4}, title="Counting to four")
    visitor = visit(world.clerk, width=360, language="en")
    page = visitor.open(reverse("jobs:job", args=[job.pk]))
    page.locator("#job-words", has_text="It begins in a moment.").wait_for()
    assert visitor.violations() == [] and visitor.overflow() == 0

    # A run in the hands of somebody else, as far as the page knows.
    now = timezone.now()
    Job.objects.update(state="running", attempts=1, started_at=now, heartbeat_at=now, done=30, total=40, step="Rows")
    page.locator("#job-words", has_text="30 of 40 · Rows").wait_for()
    page.locator("#job-announcement", has_text="30 of 40 · Rows").wait_for(state="attached")
    assert page.locator("progress").evaluate("bar => [bar.value, bar.max]") == [30, 40]
    assert visitor.violations() == [] and visitor.overflow() == 0

    Job.objects.update(state="waiting", attempts=0, started_at=None, heartbeat_at=None)
    run_waiting()
    download = page.get_by_role("link", name="Download")
    download.wait_for()
    page.locator("#job-announcement", has_text="It is done.").wait_for(state="attached")
    assert page.locator("progress").count() == 0
    assert visitor.violations() == [] and visitor.overflow() == 0
    with page.expect_download() as found:
        download.click()
    assert found.value.path().read_bytes() == b"0123"


def test_a_job_is_cancelled_by_its_button(visit: Callable[..., Visitor], world: World) -> None:
    job = services.start("test_count", user=world.clerk, arguments={"to": 4}, title="Counting to four")
    visitor = visit(world.clerk, language="en")
    page = visitor.open(reverse("jobs:job", args=[job.pk]))
    page.get_by_role("button", name="Cancel this job").click()
    page.get_by_text("It was cancelled, and made no file.").wait_for()
    page.get_by_role("button", name="Do it again").click()
    page.locator("#job-words", has_text="It begins in a moment.").wait_for()
    assert Job.objects.count() == 2
    visitor.open(reverse("jobs:list"))
    assert page.get_by_role("link", name="Counting to four").count() == 2
    assert visitor.violations() == [] and visitor.overflow() == 0
