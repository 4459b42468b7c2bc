"""Python's own event loop and uvloop give the same verdicts, word for word."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys

import pytest
from linkproof.verify import event_loop

from tests.verify.certificates import Authority
from tests.verify.edges import Edge, answer, endpoint
from tests.verify.servers import CutsShort, Refuses, Silent, Spoofed
from tests.verify.world import World, expect

HOST = "url.example.test"


def test_uvloop_runs_where_it_is_installed_and_can_be_switched_off(monkeypatch):
    async def which():
        return type(asyncio.get_running_loop()).__module__

    monkeypatch.delenv(event_loop.VARIABLE, raising=False)
    assert event_loop.run(which()) == "uvloop"
    monkeypatch.setenv(event_loop.VARIABLE, "asyncio")
    assert event_loop.run(which()).startswith("asyncio")


def test_there_is_room_for_every_socket_where_the_system_allows_it():
    """In a process of its own: a limit that was lowered cannot always be raised again."""
    code = (
        "import resource; from linkproof.verify import event_loop\n"
        "hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]\n"
        "async def limit(): return resource.getrlimit(resource.RLIMIT_NOFILE)\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard)); print(*event_loop.run(limit()))\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (64, 512)); print(*event_loop.run(limit()))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60)
    first, second = done.stdout.splitlines()
    assert int(first.split()[0]) >= 2048
    assert second == "512 512"


def test_looking_for_circles_is_seldom_while_a_run_lasts_and_as_before_after_it():
    async def threshold():
        return gc.get_threshold()

    before = gc.get_threshold()
    assert event_loop.run(threshold())[0] > 10_000
    assert gc.get_threshold() == before


def found(result):
    """All that is said, without what a clock says."""
    document = result.to_json()
    del document["timing"]
    cells = sorted((cell.id, str(cell.vantage), cell.state, cell.reason) for cell in result.cells)
    return document, cells


@pytest.mark.parametrize("kind", [Refuses, Silent, CutsShort, Spoofed])
def test_the_same_of_a_bad_server(tmp_path, monkeypatch, kind):
    with World(tmp_path, second=kind) as world:
        first, second = (by_loop(monkeypatch, which, world, expect()) for which in ("asyncio", "uvloop"))
    assert first == second
    assert first[0]["verdict"] == ("proven" if kind in {CutsShort, Spoofed} else "differs")


@pytest.mark.parametrize(
    "what", ["right", "other name", "no chain", "expired", "self-signed", "plain text", "cut off", "closed"]
)
def test_the_same_of_an_edge(tmp_path, monkeypatch, what):
    authority = Authority(tmp_path)
    names = ["other.test"] if what == "other name" else [HOST]
    options = {"no chain": {"chain": False}, "expired": {"days": (-30, -1)}, "self-signed": {"self_signed": True}}
    context = authority.context(*names, **options.get(what, {}))
    https = {"plain text": b"hello\r\n\r\n", "cut off": answer()[:30]}.get(what, answer())
    with World(tmp_path) as world:
        if what != "closed":
            Edge(world, context, https=https, http=answer())
        wanted = expect(endpoints=[endpoint()])
        first, second = (
            by_loop(monkeypatch, which, world, wanted, ca=authority.file) for which in ("asyncio", "uvloop")
        )
    assert first == second
    assert (first[0]["findings"] == []) is (what == "right")


def by_loop(monkeypatch, which, world, wanted, **options):
    monkeypatch.setenv(event_loop.VARIABLE, which if which == "asyncio" else "")
    return found(world.verify(wanted, timeout_seconds=1.0, **options))
