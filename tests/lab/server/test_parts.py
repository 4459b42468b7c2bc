"""How parts are started: one that is missing or fails does not keep the others down, and is not hidden."""

from __future__ import annotations

import asyncio
import errno
import sys
from types import ModuleType

import pytest
from linkproof_lab.server import parts as registry
from linkproof_lab.server.parts import PartPortInUseError, start_parts, stop_parts
from linkproof_lab.server.running import Running
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store


class Part:
    def __init__(self, log: list[str], name: str) -> None:
        self.log, self.name = log, name

    async def stop(self) -> None:
        self.log.append(self.name)


@pytest.fixture
def start(monkeypatch, tmp_path):
    """Starts parts whose `start` functions are given, by name; None stands for a module that does not exist."""
    ca = ModuleType("stand_in_ca")
    ca.ensure = lambda settings: None
    monkeypatch.setitem(sys.modules, "stand_in_ca", ca)
    monkeypatch.setattr(registry, "CA_MODULE", "stand_in_ca")

    def run(**functions) -> Running:
        for name, function in functions.items():
            monkeypatch.setitem(registry.PARTS, name, f"part_{name}")
            if function is not None:
                module = ModuleType(f"part_{name}")
                module.start = function
                monkeypatch.setitem(sys.modules, f"part_{name}", module)
        settings, running = LabSettings(tmp_path), Running()
        store = Store(settings.database)
        try:
            asyncio.run(start_parts(settings, store, tuple(functions), running))
        finally:
            store.close()
        return running

    return run


def test_a_missing_or_failing_part_is_listed_and_the_rest_runs(start):
    log: list[str] = []

    async def fine(settings, store):
        return Part(log, "fine")

    async def broken(settings, store):
        raise ValueError("no certificate")

    running = start(absent=None, broken=broken, fine=fine)
    health = running.health()
    assert running.ready
    assert (health["fine"].ok, health["absent"].ok, health["broken"].ok) == (True, False, False)
    assert "ModuleNotFoundError" in health["absent"].text
    assert "no certificate" in health["broken"].text


def test_a_part_that_says_it_is_not_well_is_not_healthy(start):
    class Ailing(Part):
        def health(self) -> str:
            raise RuntimeError("certificate expired")

    async def ailing(settings, store):
        return Ailing([], "ailing")

    health = start(ailing=ailing).health()["ailing"]
    assert (health.ok, health.text) == (False, "RuntimeError: certificate expired")


def test_parts_stop_in_reverse_and_one_that_fails_to_stop_is_passed_over(start):
    log: list[str] = []

    class Stubborn(Part):
        async def stop(self) -> None:
            await super().stop()
            raise RuntimeError("no")

    async def first(settings, store):
        return Part(log, "first")

    async def second(settings, store):
        return Stubborn(log, "second")

    running = start(first=first, second=second)
    asyncio.run(stop_parts(running))
    assert log == ["second", "first"]


def test_a_port_in_use_ends_the_start_with_the_options_that_help(start):
    async def taken(settings, store):
        raise OSError(errno.EADDRINUSE, "address 127.53.110.1 port 8443 already in use")

    with pytest.raises(PartPortInUseError, match=r"edges: address 127\.53\.110\.1 port 8443(.|\n)*--https-port"):
        start(edges=taken)
