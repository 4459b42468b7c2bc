"""An edge that clicks have left, by the real engine and the lab's CloudWatch: it stays, somebody keeps it, and nobody lets it go early."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from linkproof_lab.vendors.aws.cloudwatch.request_log import request_log

from tests.engine.sandbox import Sandbox, link, linked

HOST = "url1.example.net"
HISTORY = ("linkproof:index:RecordHistory", "linkproof:index:RecordsSettled")
THREE_DAYS = timedelta(days=3)


def declaration(phase: str) -> dict[str, Any]:
    wanted = linked({"one": link(HOST, phase, ttl_seconds=2)})
    wanted["zones"]["example.net"] |= {"propagation_seconds": 0}
    return {**wanted, "edges": {"aws": {"provider": "cloudfront", "drain": "7d"}}}


def click(box: Sandbox) -> None:
    """As an old answer leads somebody there: at the edge's address, with the click host's name."""
    address = box.lab.edge_addresses("cloudfront")[0]
    url = f"http://{address}:{box.lab.http_port}/ls/click?upn=abc"
    assert httpx.get(url, headers={"Host": HOST}, timeout=10).status_code < 500


def moved(text: str) -> str:
    return (datetime.fromisoformat(text) - THREE_DAYS).isoformat().replace("+00:00", "Z")


def three_days_later(box: Sandbox, file: Path) -> None:
    """What was written moves back by three days: the history, the records' dates and the edge's log."""
    document = box.state("dev")
    for resource in document["deployment"]["resources"]:
        for key in ("created", "modified"):
            if key in resource:
                resource[key] = moved(resource[key])
        if resource["type"] in HISTORY:
            _each_moment(resource["outputs"])
    file.write_text(json.dumps(document))
    box.pulumi("stack", "import", "--stack", "dev", "--file", str(file))
    later(box, lambda at: at - THREE_DAYS.total_seconds())


def _each_moment(outputs: dict[str, Any]) -> None:
    outputs["since"] = {key: moved(at) for key, at in (outputs.get("since") or {}).items()}
    for entries in (outputs.get("past") or {}).values():
        for entry in entries:
            entry["until"] = moved(entry["until"])
    if "moments" in outputs:
        outputs["moments"] = [moved(at) for at in outputs["moments"]]


def later(box: Sandbox, change: Callable[[float], float]) -> None:
    log = request_log(box.lab)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    log.write_text("".join(json.dumps({**line, "time": change(line["time"])}) + "\n" for line in lines))


def test_it_stays_until_its_own_counter_says_that_nobody_comes(fresh: Sandbox, tmp_path: Path) -> None:
    box = fresh
    box.stack("dev", declaration("live"))
    box.up("dev")
    click(box)
    box.declare("dev", declaration("ready"))
    box.up("dev")
    three_days_later(box, tmp_path / "state.json")
    until = (datetime.now(UTC) - THREE_DAYS + timedelta(days=7)).date().isoformat()
    assert f"clicks have left its cloudfront edge, which stays for those who still come until {until}" in box.linkproof("show", "dev").stdout  # fmt: skip
    assert f"stays for those who still come until {until}" in box.linkproof("plan", "dev").stdout

    # our own probes of the edge in `ready` are counted and known; somebody else's click is not
    box.verify("dev")
    known = own_requests(box)
    assert {(one["host"], one["edge"]) for one in known} == {(HOST, "cloudfront")}
    # and so are those of `drift`, of `probe` with its requirements, and of `conformance` for the stack's edge
    for command in (("drift", "dev"), ("probe", "one", "-s", "dev"), ("conformance", "aws", "--stack", "dev")):
        before = len(own_requests(box))
        box.linkproof(*command, code=None)
        assert len(own_requests(box)) > before, command
    assert len(own_requests(box)) == len(request_log(box.lab).read_text().splitlines()) - 1, "all but the click"
    click(box)
    an_hour_ago(box)
    box.declare("dev", declaration("branded"))
    refused = box.linkproof("guard", "dev", code=2).stdout
    assert "[phase.edge-draining]" in refused
    assert "1 request that we did not send came within a day, by CloudWatch's `Requests`" in refused

    # a day later nobody has come since
    later(box, lambda at: at - 90_000 if at > time.time() - 86_400 else at)
    assert "ready → branded" in box.linkproof("guard", "dev").stdout


def own_requests(box: Sandbox) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads((box.root / ".linkproof" / "dev" / "requests.json").read_text())[
        "requests"
    ]
    return found


def an_hour_ago(box: Sandbox) -> None:
    """CloudWatch's last quarter of an hour is not asked about; what we are known to have sent moves as well."""
    later(box, lambda at: at - 3600 if at > time.time() - 3600 else at)
    file = box.root / ".linkproof" / "dev" / "requests.json"
    document = json.loads(file.read_text())
    for one in document["requests"]:
        one["at"] = (datetime.fromisoformat(one["at"]) - timedelta(hours=1)).isoformat()
    file.write_text(json.dumps(document))
