"""From one sender to another by the real engine: both hosts are proven until the day, the old one cannot leave before it, and then goes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.engine.sandbox import Sandbox, link, linked

OLD, NEW = "url1.example.net", "click.example.net"


def declared(until: str | None) -> dict[str, Any]:
    new = {"sender": "ses", "region": "eu-west-1", "click_host": NEW, "phase": "branded"}
    old = {"old": link(OLD, "branded", None, successor={"link": "new", "until": until})} if until else {}
    whole = linked({**old, "new": new})
    return {**whole, "edges": {}}


def test_the_old_host_lives_beside_the_new_one_until_its_day_and_is_then_let_go(fresh: Sandbox) -> None:
    box = fresh
    day = str((datetime.now(UTC) + timedelta(days=30)).date())
    box.stack("dev", declared(day))
    box.up("dev")
    code, report = box.verify("dev")
    assert code in (0, 4), (report["findings"], report["could_not_check"])
    assert {one["host"] for one in report["certificates"]} <= {OLD, NEW}
    assert f"old is kept until {day} for mail already sent" in box.linkproof("show", "dev").stdout

    box.declare("dev", declared(None))
    refused = box.linkproof("guard", "dev", code=2).stdout
    assert "move.kept-until" in refused
    assert day in refused

    past = str(datetime.now(UTC).date())
    box.declare("dev", declared(past))
    assert "it may go: `linkproof retire old`" in box.linkproof("plan", "stacks/dev.yaml").stdout
    box.up("dev")
    box.linkproof("retire", "old", "-s", "dev")
    box.declare("dev", declared(None))
    box.linkproof("guard", "dev")
    assert ("delete", f"{OLD}/CNAME") in box.steps_of_up("dev")
