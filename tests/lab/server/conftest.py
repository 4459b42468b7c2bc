"""Labs in processes of their own, on a net and ports that are free."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path

import dns.message
import dns.query
import pytest
from linkproof_lab.commands import down
from linkproof_lab.settings import LabSettings
from linkproof_lab.world import CustomerZone

from tests.ports import free_port

PARTS = ("dns", "control")
ZONES = [CustomerZone("Z1", "example.com", "route53"), CustomerZone("manual", "example.org", "manual")]

if importlib.util.find_spec("linkproof_lab.ca") is None:
    pytest.skip("the lab's CA is not there yet", allow_module_level=True)


@pytest.fixture(scope="session")
def choose_settings() -> Callable[[Path], LabSettings]:
    """Settings of a lab that does not run yet, in this folder."""

    def choose(folder: Path) -> LabSettings:
        return LabSettings(
            folder / "lab",
            net=72,
            dns_port=free_port("127.72.0.1", "::1"),
            api_port=free_port("127.72.100.9"),
        )

    return choose


@pytest.fixture
def settings(tmp_path: Path, choose_settings) -> Iterator[LabSettings]:
    chosen = choose_settings(tmp_path)
    yield chosen
    down(chosen)


@pytest.fixture(scope="session")
def zones() -> list[CustomerZone]:
    return list(ZONES)


@pytest.fixture(scope="session")
def parts() -> tuple[str, ...]:
    return PARTS


@pytest.fixture
def ask(settings):
    def question(server: str, name: str, rtype: str = "A") -> dns.message.Message:
        return dns.query.udp(dns.message.make_query(name, rtype), server, timeout=5, port=settings.dns_port)

    return question
