"""How many requests came to a service of Fastly's, as its API says and as our own reader takes it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from linkproof.contract.requests import Counted
from linkproof.edges.fastly.requests import counted
from linkproof.errors import LinkproofError
from linkproof_lab.edges.fastly.control_plane import keys
from linkproof_lab.edges.fastly.control_plane.stats import ServiceLog, request_log
from linkproof_lab.edges.fastly.facts import FASTLY_KEY

from tests.engine_state.deployed import NET, clients_of, resource, state
from tests.lab.apis.conftest import Lab
from tests.lab.apis.test_fastly import OTHER_KEY, Api, said

# A minute that has ended, some hours ago.
MINUTE = datetime.fromtimestamp((time.time() - 7200) // 60 * 60, UTC)


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    made = Lab(tmp_path / "lab")
    yield made
    made.close()


def come(lab: Lab, service: str, *moments: datetime) -> None:
    with request_log(lab.settings).open("a") as file:
        for at in moments:
            file.write(json.dumps({"time": at.timestamp(), "service": service}) + "\n")


def client_of(url: str) -> Any:
    clients = clients_of({"default": {"fastly": {"baseUrl": url}}}, {"default": {"fastlyApiKey": FASTLY_KEY}})
    return clients.client


def service(id_: str, host: str = NET) -> dict[str, Any]:
    return resource("fastly:index/serviceVcl:ServiceVcl", host, provider="fastly-default", id=id_)


def test_each_minute_in_which_somebody_came_is_a_row(lab: Lab) -> None:
    api = Api(lab)
    one, other = api.service("one", "a.example.net"), api.service("other", "b.example.net")
    come(lab, one, MINUTE, MINUTE + timedelta(seconds=59), MINUTE + timedelta(seconds=120))
    come(lab, other, MINUTE)
    ServiceLog(lab.settings).record(one)  # just now: its minute has not ended
    asked = {"from": int(MINUTE.timestamp()), "to": int(time.time()), "by": "minute"}
    answer = api.ask("GET", f"/stats/service/{one}", params=asked).json()
    begins = int(MINUTE.timestamp())
    assert [(row["start_time"], row["requests"]) for row in answer["data"]] == [(begins, 2), (begins + 120, 1)]
    assert (answer["status"], answer["meta"]["by"]) == ("success", "minute")


def test_what_it_refuses(lab: Lab) -> None:
    one = Api(lab).service("one", "a.example.net")
    lab.store.put(keys.KIND, keys.key_of(OTHER_KEY), {"customer": "other"})
    assert said(Api(lab, OTHER_KEY).ask("GET", f"/stats/service/{one}"))[0] == 404
    assert said(Api(lab).ask("GET", f"/stats/service/{one}", params={"by": "second"}))[0] == 400
    long_ago = {"by": "minute", "from": int(time.time()) - 36 * 86_400}
    assert said(Api(lab).ask("GET", f"/stats/service/{one}", params=long_ago))[0] == 400


def test_our_reader_has_every_minute_of_the_host_s_services(lab: Lab) -> None:
    api, client = Api(lab), client_of(lab.settings.api_url("edges/fastly"))
    one = api.service("one", NET)
    come(lab, one, MINUTE, MINUTE + timedelta(seconds=1), MINUTE - timedelta(days=2))
    deployed = state(service(one))
    # a window that begins and ends within a minute has that minute whole
    found = counted(NET, deployed, MINUTE + timedelta(seconds=30), MINUTE + timedelta(seconds=90), client)
    assert found == [Counted(MINUTE, 60, 2)]
    assert counted(NET, deployed, MINUTE + timedelta(seconds=60), MINUTE + timedelta(hours=1), client) == []
    assert counted("url9.example.net", deployed, MINUTE, MINUTE + timedelta(hours=1), client) is None


def test_a_refusal_is_no_silence(lab: Lab) -> None:
    client = client_of(lab.settings.api_url("edges/fastly"))
    with pytest.raises(LinkproofError, match="404"):
        counted(NET, state(service("nobodys")), MINUTE, MINUTE + timedelta(hours=1), client)
