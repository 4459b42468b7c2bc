"""How many requests came to a zone of KeyCDN's, as its API says and as our own reader takes it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from linkproof.contract.requests import Counted
from linkproof.edges.keycdn.requests import counted
from linkproof.errors import LinkproofError
from linkproof_lab.edges.keycdn.control_plane.reports import request_log
from linkproof_lab.edges.keycdn.facts import KEYCDN_KEY

from tests.engine_state.deployed import NET, clients_of, resource, state
from tests.lab.apis.answering import answering
from tests.lab.apis.conftest import Lab
from tests.lab.apis.test_keycdn import ZONE, ask

HOUR = datetime.fromtimestamp((time.time() - 7200) // 3600 * 3600, UTC)
NEXT = HOUR + timedelta(hours=1)


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    made = Lab(tmp_path / "lab")
    yield made
    made.close()


def come(lab: Lab, zone: str, *moments: datetime, status: int = 302, is_hit: bool = False) -> None:
    with request_log(lab.settings).open("a") as file:
        for at in moments:
            line = {"time": at.timestamp(), "zone": zone, "status": status, "is_hit": is_hit}
            file.write(json.dumps(line) + "\n")


def client_of(url: str, key: str = KEYCDN_KEY) -> Any:
    return clients_of({"default": {"keycdn": {"baseUrl": url}}}, {"default": {"keycdnApiKey": key}}).client


def zone(id_: str, host: str = NET) -> dict[str, Any]:
    return resource("keycdn:index:Zone", host, provider="keycdn-default", id=id_)


def test_each_hour_in_which_somebody_came_is_a_row_by_cache_and_by_status(lab: Lab) -> None:
    one, other = (ask(lab, "POST", "zones", {**ZONE, "name": name})[1]["zone"]["id"] for name in ("one", "other"))
    come(lab, one, HOUR, HOUR + timedelta(seconds=3599))
    come(lab, one, HOUR, status=200, is_hit=True)
    come(lab, other, HOUR)
    asked = {"zone_id": one, "start": str(int(HOUR.timestamp())), "end": str(int(time.time())), "interval": "hour"}
    (row,) = ask(lab, "GET", "reports/statestats", params=asked)[1]["stats"]
    assert (row["totalcachehit"], row["totalcachemiss"], row["totalsuccess"], row["total3xx"]) == ("1", "2", "1", "2")
    assert row["timestamp"] == str(int(HOUR.timestamp()))
    assert ask(lab, "GET", "reports/statestats", params={**asked, "zone_id": "1"})[0] == 404
    assert ask(lab, "GET", "reports/statestats", params={**asked, "interval": "minute"})[0] == 400
    assert ask(lab, "GET", "reports/statestats", params={"zone_id": one})[0] == 400


def test_our_reader_has_every_whole_hour_of_the_host_s_zones(lab: Lab) -> None:
    client = client_of(lab.settings.api_url("edges/keycdn"))
    one = ask(lab, "POST", "zones", ZONE)[1]["zone"]["id"]
    come(lab, one, HOUR, HOUR + timedelta(minutes=5), NEXT, HOUR - timedelta(days=2))
    deployed = state(zone(one))
    # a window that begins and ends within an hour has the first hour whole, and of the last nothing, which is not counted to its end
    found = counted(NET, deployed, HOUR + timedelta(minutes=30), NEXT + timedelta(minutes=30), client)
    assert found == [Counted(HOUR, 3600, 2)]
    assert counted(NET, deployed, HOUR - timedelta(hours=3), HOUR, client) == []
    assert counted("url9.example.net", deployed, HOUR, NEXT, client) is None


def stats(*rows: Any) -> bytes:
    return json.dumps({"status": "success", "description": "", "data": {"stats": list(rows)}}).encode()


ROW = {"totalcachehit": "0", "totalcachemiss": "2", "timestamp": str(int(HOUR.timestamp()))}


@pytest.mark.parametrize(("more", "requests"), [({}, 2), ({"totalsuccess": "1", "totalerror": "0", "of3xx": 4}, 5)])
def test_the_larger_of_what_cache_and_status_say_counts(more: dict[str, Any], requests: int) -> None:
    with answering(200, stats({**ROW, **more})) as url:
        assert counted(NET, state(zone("7")), HOUR, NEXT, client_of(url)) == [Counted(HOUR, 3600, requests)]


@pytest.mark.parametrize(("status", "body", "said"), [
    (403, b'{"status": "error", "description": "Access denied."}', "Access denied"),
    (404, b'{"status": "error", "description": "Zone not found."}', "Zone not found"),
    (200, b'{"status": "success", "data": {}}', "no form of their own"),
    (200, b"[]", "no form of their own"),
    (200, stats({"timestamp": "1"}), "no form of their own"),
    (200, stats({**ROW, "totalcachemiss": "many"}), "no form of their own"),
    (200, stats({**ROW, "timestamp": "soon"}), "no form of their own"),
    (200, stats("none"), "no form of their own"),
    (200, b"<html>", "KeyCDN"),
])  # fmt: skip
def test_what_is_no_answer_is_no_silence(status: int, body: bytes, said: str) -> None:
    with answering(status, body) as url, pytest.raises(LinkproofError, match=said):
        counted(NET, state(zone("7")), HOUR, NEXT, client_of(url))


def test_a_used_up_rate_limit_is_no_silence_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linkproof.edges.keycdn.requests._PATIENCE_SECONDS", 0.0)
    with answering(429, b'{"status": "error", "description": "Too many requests."}') as url:
        with pytest.raises(LinkproofError, match="Too many requests") as raised:
            counted(NET, state(zone("7")), HOUR, NEXT, client_of(url))
        assert "in a minute" in raised.value.fix
