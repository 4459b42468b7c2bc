"""A verification on a cluster of real processes: vantages that see differently, workers that are lost, and what is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.commands.cli import environment, program_of
from tests.parts import need
from tests.shards.dask.cluster import PORT, Scheduler, Worker
from tests.shards.dask.internet import WRONG, ZONES, Internet
from tests.shards.dask.network import Intercepting, Namespace, connect, refusal, serve_networks

HUB = "10.55.1.1"
OFFERS = ("--resources", "vantage-tokyo=1")


@dataclass
class Cluster:
    """A hub with internet and scheduler, and the places around it."""

    folder: Path
    hub: Namespace
    places: dict[str, Namespace]
    internet: Internet

    def start(self, *options: str, cwd: Path | None = None) -> subprocess.Popen[str]:
        asked = ("--expectations", str(self.internet.expectations), "--hints", str(self.internet.hints))
        command = self.hub.inside(*program_of("verify", *asked, "--json", *options))
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command,
            stdout=pipe,
            stderr=pipe,
            stdin=subprocess.DEVNULL,
            text=True,
            env=environment(),
            cwd=cwd or self.folder,
        )

    def verify(self, *options: str) -> tuple[int, dict[str, Any]]:
        return self.ended(self.start(*options))

    def ended(self, process: subprocess.Popen[str]) -> tuple[int, dict[str, Any]]:
        out, err = process.communicate(timeout=100)
        assert err == ""
        return process.returncode, json.loads(out)

    def on_cluster(self, *options: str) -> tuple[int, dict[str, Any]]:
        return self.verify("--engine", f"dask://{HUB}:{PORT}", *options)

    def worker(self, name: str, place: str, scheduler: str, *options: str, **more: Any) -> Worker:
        return Worker(self.places[place], self.folder, name, scheduler, *options, **more)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    need("knot iproute2 util-linux", "knotd", "ip", "nsenter", "unshare", "setpriv")
    if os.geteuid() != 0:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("network namespaces with cables between them need root")
    if refused := refusal():
        pytest.skip(f"this kernel refuses what cables between network namespaces take: {refused}")
    folder = tmp_path_factory.mktemp("cluster")
    with ExitStack() as stack:
        hub = stack.enter_context(closing(Namespace("hub")))
        serve_networks(hub)
        places = {
            name: stack.enter_context(closing(Namespace(name))) for name in ("tokyo", "blocked", "box", "caught", "six")
        }
        for number, name in enumerate(("tokyo", "blocked"), 1):
            connect(hub, places[name], number)
        for family in ("-4", "-6"):
            for transport in ("udp", "tcp"):
                rule = ("pref", "10", "ipproto", transport, "dport", "53", "unreachable")
                places["blocked"].ip(family, "rule", "add", *rule)
        # what is caught reaches the hub through a box that answers every question of DNS itself
        connect(hub, places["box"], 3, families=(4,))
        connect(places["box"], places["caught"], 4, families=(4,))
        places["box"].forwards()
        hub.ip("route", "add", "10.55.4.0/24", "via", "10.55.3.2")
        places["box"].rules_before_local("iif h4 ipproto udp dport 53 lookup 53")
        places["box"].ip("route", "add", "local", "default", "dev", "lo", "table", "53")
        connect(hub, places["six"], 5, families=(6,))
        stack.enter_context(Intercepting(places["box"], folder))
        internet = stack.enter_context(Internet(hub, folder))
        made = Cluster(folder, hub, places, internet)
        stack.enter_context(Scheduler(hub, folder))
        yield made


@pytest.fixture(scope="module")
def vantages(cluster: Cluster) -> Iterator[Cluster]:
    """A worker at each place, by its name or by what it offers."""
    with ExitStack() as stack:
        workers = [
            stack.enter_context(cluster.worker("one", "tokyo", HUB, *OFFERS)),
            stack.enter_context(cluster.worker("vantage-blocked", "blocked", "10.55.2.1")),
            stack.enter_context(cluster.worker("vantage-caught-0", "caught", "10.55.3.1")),
            stack.enter_context(cluster.worker("vantage-six", "six", "[fd55:5::1]")),
        ]
        for worker in workers:
            worker.registered()
        yield cluster


def essence(document: dict[str, Any]) -> dict[str, Any]:
    """What a result says, without when and from where."""
    left = ("findings", "could_not_check", "lagging", "certificates")
    return {
        "verdict": document["verdict"],
        "coverage": document["coverage"],
        **{name: _without_place(document[name]) for name in left},
        "limits": document["limits"],
        "states": {item["id"]: sorted(item["seen"].values()) for item in document["asked"]},
    }


def _without_place(items: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps({**item, "seen_from": None}, sort_keys=True) for item in items)


def seen_from(document: dict[str, Any], place: str) -> dict[str, str]:
    return {item["id"]: item["seen"][place] for item in document["asked"] if item["id"].endswith("/click")}


def test_each_vantage_says_what_it_sees_and_one_report_holds_all(vantages: Cluster) -> None:
    names = ("tokyo", "blocked", "caught", "six", "paris")
    asked = [word for name in names for word in ("--vantage", name)]
    page = vantages.folder / "page.html"
    code, found = vantages.on_cluster("--shards", "2", "--engine-wait", "2s", *asked, "--report", f"html={page}")
    right = {f"{zone}/click": "differs" if zone == WRONG else "right" for zone in ZONES}
    assert (code, found["verdict"]) == (1, "differs")
    assert seen_from(found, "tokyo") == right
    # port 53 is closed to it: nothing of what it could not ask is a finding
    assert set(seen_from(found, "blocked").values()) == {"could-not-check"}
    # somebody answers in everybody's place: that is named, and nothing rests on those answers
    assert set(seen_from(found, "caught").values()) == {"could-not-check"}
    intercepted = [finding for finding in found["findings"] if finding["rule"] == "dns.intercepted"]
    assert [finding["seen_from"] for finding in intercepted] == [["caught"]]
    # of two families it has one: what it sees by that one counts, and the other is said
    six = [item for item in found["could_not_check"] if item.get("seen_from") == ["six"]]
    assert six
    assert all("." in item["vantage"]["address"] for item in six), "IPv4 alone"
    assert seen_from(found, "six")[f"{WRONG}/click"] == "differs"
    wrong = [finding for finding in found["findings"] if finding["rule"] == "dns.wrong-value"]
    assert {tuple(finding["seen_from"]) for finding in wrong} == {("tokyo",), ("six", "tokyo")}
    # nobody stands in Paris
    (paris,) = [item for item in found["could_not_check"] if item["id"] == "vantage paris"]
    assert "no worker for 2 s; start one: `dask worker SCHEDULER --name vantage-paris`" in paris["reason"]
    assert "tokyo" in page.read_text()


@pytest.fixture(scope="module")
def here(cluster: Cluster) -> tuple[int, dict[str, Any]]:
    """What a run in one process at the hub says."""
    code, document = cluster.verify()
    return code, essence(document)


def test_the_result_is_that_of_a_local_run(vantages: Cluster, here: tuple[int, dict[str, Any]]) -> None:
    code, found = vantages.on_cluster("--shards", "3", "--vantage", "tokyo")
    assert (code, essence(found)) == here
    assert [part["shard"] for part in found["parts"]] == ["1/3", "2/3", "3/3"]


def test_a_worker_that_is_killed_in_the_middle_loses_nothing(
    cluster: Cluster, here: tuple[int, dict[str, Any]]
) -> None:
    """It has a part and does not end it; the one beside it ends all of them."""
    offers = ("--resources", "vantage-osaka=1")
    with (
        cluster.worker("first", "tokyo", HUB, *offers) as first,
        cluster.worker("second", "tokyo", HUB, *offers) as second,
    ):
        first.registered()
        second.registered()
        # each part goes on polling its wrong record, so that both have one when one is killed
        asked = ("--engine", f"dask://{HUB}:{PORT}", "--vantage", "osaka", "--shards", "2", "--wait", "4s")
        running = cluster.start(*asked)
        wait_until_busy(cluster, "first", "second")
        first.kill()
        code, found = cluster.ended(running)
    assert (code, essence(found)) == here
    assert [part["shard"] for part in found["parts"]] == ["1/2", "2/2"]


BUSY = """
import sys, time
from distributed import Client
uri, *wanted = sys.argv[1:]
client = Client(uri)
while True:
    names = {address: worker["name"] for address, worker in client.scheduler_info(n_workers=-1)["workers"].items()}
    if set(wanted) <= {names.get(address) for address, tasks in client.processing().items() if tasks}:
        break
    time.sleep(0.05)
"""


def wait_until_busy(cluster: Cluster, *names: str) -> None:
    """Until each of these workers has a part."""
    cluster.hub.run(sys.executable, "-c", BUSY, f"tcp://{HUB}:{PORT}", *names)


def test_the_last_worker_of_a_vantage_is_killed_and_comes_again_under_its_name(
    cluster: Cluster, here: tuple[int, dict[str, Any]]
) -> None:
    """It comes at another address, where Dask by itself would never look."""
    asked = ("--engine", f"dask://{HUB}:{PORT}", "--vantage", "kyoto", "--shards", "1", "--wait", "3s")
    with cluster.worker("vantage-kyoto", "tokyo", HUB) as first:
        first.registered()
        running = cluster.start(*asked)
        wait_until_busy(cluster, "vantage-kyoto")
        first.kill()
    with cluster.worker("vantage-kyoto", "tokyo", HUB):
        code, found = cluster.ended(running)
    assert (code, essence(found)) == here


def test_another_linkproof_on_a_worker_is_refused_with_both_versions(cluster: Cluster, tmp_path: Path) -> None:
    other = tmp_path / "linkproof-9.8.7.dist-info"
    other.mkdir()
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: linkproof\nVersion: 9.8.7\n")
    with cluster.worker("vantage-old", "tokyo", HUB, before=tmp_path) as worker:
        worker.registered()
        process = cluster.start("--engine", f"dask://{HUB}:{PORT}", "--vantage", "old")
        out, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "has linkproof 9.8.7, this is " in err
    assert json.loads(out)["error"]["exit"] == 2
