"""Labs in processes of their own, on a net and ports that are free."""

from __future__ import annotations

import importlib.util
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import dns.message
import dns.query
import pytest
from linkproof_lab.commands import down
from linkproof_lab.settings import LabSettings
from linkproof_lab.world import CustomerZone

PARTS = ("dns", "control")
ZONES = [CustomerZone("Z1", "example.com", "route53"), CustomerZone("manual", "example.org", "manual")]

if importlib.util.find_spec("linkproof_lab.ca") is None:
    pytest.skip("the lab's CA is not there yet", allow_module_level=True)


def free_port(address: str, *families: socket.AddressFamily) -> int:
    for _ in range(50):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.bind((address, 0))
            port = udp.getsockname()[1]
            try:
                for host in (address, *(["::1"] if socket.AF_INET6 in families else [])):
                    family = socket.AF_INET6 if ":" in host else socket.AF_INET
                    with socket.socket(family, socket.SOCK_STREAM) as tcp:
                        tcp.bind((host, port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port")


@pytest.fixture(scope="session")
def choose_settings() -> Callable[[Path], LabSettings]:
    """Settings of a lab that does not run yet, in this folder."""

    def choose(folder: Path) -> LabSettings:
        return LabSettings(
            folder / "lab",
            net=72,
            dns_port=free_port("127.72.0.1", socket.AF_INET6),
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
