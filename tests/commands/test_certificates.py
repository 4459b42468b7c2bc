"""`linkproof certificates` as a person runs it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import icalendar
import pytest

from tests.commands.cli import linkproof, refused

HOST = "t.example.net"
DECLARED = (
    "version: 1\nzones:\n  example.net: {dns: route53, id: Z0EXAMPLE0NET}\n"
    f"tracking_hosts:\n  karte: {{provider: karte, host: {HOST}, state: in-use}}\n"
)


@pytest.mark.parametrize(("days", "code"), [(80, 0), (2, 1)])
def test_text_json_page_and_calendar_from_what_verify_saw(project: Path, days: int, code: int) -> None:
    (project / "stacks" / "test.yaml").write_text(DECLARED)
    now = datetime.now(UTC)
    seen = {
        "id": "karte/tls",
        "host": HOST,
        "not_before": now - timedelta(days=9),
        "not_after": now + timedelta(days=days),
    }
    report = project / ".linkproof" / "test" / "verify.json"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(json.dumps({"verdict": "proven", "certificates": [seen]}, default=datetime.isoformat))
    done = linkproof("certificates", "test", "--html", "page.html", "--ical", "days.ics", cwd=project)
    assert (done.returncode, done.stderr) == (code, "")
    assert HOST in done.stdout
    assert "KARTE's tracking stops" in done.stdout
    assert HOST in (project / "page.html").read_text()
    calendar = icalendar.Calendar.from_ical((project / "days.ics").read_bytes())
    assert len(calendar.walk("VEVENT")) == 3
    (row,) = json.loads(linkproof("certificates", "test", "--json", cwd=project).stdout)["certificates"]
    assert row["urgency"] == ("late" if code else "fine")
    assert row["last_day_to_act"] < row["not_after"]


def test_a_stack_that_is_not_there(project: Path) -> None:
    assert "there is no stack 'nope'" in refused("certificates", "nope", cwd=project)
