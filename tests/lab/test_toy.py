"""A service is one folder and one registry line: three toys in a lab that runs, with nothing else changed."""

from __future__ import annotations

import asyncio
import json
import os
import random
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dns.message
import dns.query
import httpx
import pytest
from linkproof_lab.client import LabControl
from linkproof_lab.commands import down
from linkproof_lab.settings import LabSettings
from linkproof_lab.web.clicks import read_clicks

from tests.lab.providers.harness import Plugin, RefusedError
from tests.overlay import REPOSITORY, overlay
from tests.ports import free_port

TOYS = Path(__file__).parent / "toy"
FOLDERS = {f"linkproof_lab/{kind}/toy": TOYS / kind for kind in ("edges", "senders", "dns")}
LINES = {
    "linkproof_lab/registry.py": [
        f'{kind.upper()}["toy"] = "linkproof_lab.{kind}.toy"' for kind in ("edges", "senders", "dns")
    ]
}
ZONE, HOST = "Z1", "click.customer.example"

UP = """
import json
from dataclasses import asdict
from linkproof_lab import commands
from linkproof_lab.providers.install import install
from linkproof_lab.world import CustomerZone
install(settings)
print(json.dumps(asdict(commands.up(settings, [CustomerZone("Z1", "customer.example", "toy")]))))
"""
SETTLE = """
from linkproof_lab.client import LabControl
from linkproof_lab.customers import Customer
from linkproof_lab.service import service
with LabControl(settings) as control:
    service("senders/toy").file("customers").settle(Customer(settings, control, ("click.customer.example",)))
"""


@dataclass
class Toys:
    """A lab with the toys in it, in a process of its own.

    Args:
        status: what `lab up` printed.
    """

    infra: Path
    settings: LabSettings
    status: dict[str, Any]

    def python(self, program: str) -> str:
        return python(self.infra, self.settings, program)

    @property
    def endpoints(self) -> dict[str, str]:
        at = self.status["addresses"]
        return {"edges": at["Toy edge API"], "dns": at["Toy DNS API"]}

    def ask(self, server: str, name: str, rtype: str) -> list[str]:
        query = dns.message.make_query(name, rtype)
        answer = dns.query.udp(query, server, timeout=5, port=self.settings.dns_port).answer
        return [rdata.to_text() for rrset in answer for rdata in rrset]

    def get(self, host: str, path: str = "/c/1") -> tuple[int, dict[str, str]]:
        """GET over HTTPS at the toy edge, the certificate judged."""
        return asyncio.run(self._get(host, path))

    async def _get(self, host: str, path: str) -> tuple[int, dict[str, str]]:
        context = ssl.create_default_context(cafile=str(self.settings.ca_file))
        reader, writer = await asyncio.open_connection(
            self.settings.address(210, 1), self.settings.https_port, ssl=context, server_hostname=host
        )
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        head = (await asyncio.wait_for(reader.read(), 20)).partition(b"\r\n\r\n")[0].decode().split("\r\n")
        writer.close()
        return int(head[0].split()[1]), {
            name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])
        }


def python(infra: Path, settings: LabSettings, program: str) -> str:
    """Run a program that sees the overlay; it finds the lab's settings in `settings`."""
    values = {"net": settings.net, "dns_port": settings.dns_port, "http_port": settings.http_port}
    values |= {"https_port": settings.https_port, "api_port": settings.api_port}
    begin = f"from pathlib import Path\nfrom linkproof_lab.settings import LabSettings\nsettings = LabSettings(Path({str(settings.state_dir)!r}), **{values})\n"
    done = subprocess.run(
        [sys.executable, "-c", begin + program],
        env={**os.environ, "PYTHONPATH": str(infra)},
        cwd=infra.parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def toys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Toys]:
    folder = tmp_path_factory.mktemp("toys")
    infra = overlay(folder, FOLDERS, LINES)
    net = random.randrange(60, 250)
    ports = {name: free_port(f"127.{net}.210.1") for name in ("http_port", "https_port", "api_port")}
    settings = LabSettings(folder / "lab", net=net, dns_port=free_port(f"127.{net}.0.1"), **ports)
    try:
        yield Toys(infra, settings, json.loads(python(infra, settings, UP)))
    finally:
        down(settings)


@pytest.fixture
def plugin(toys: Toys) -> Iterator[Plugin]:
    running = Plugin(toys.settings, "toy", {"endpoints": json.dumps(toys.endpoints), "token": "of-a-toy"})
    yield running
    running.stop()


@pytest.fixture
def control(toys: Toys) -> Iterator[LabControl]:
    with LabControl(toys.settings) as control:
        yield control


def test_nothing_but_the_folders_and_the_lines_was_added(tmp_path: Path) -> None:
    infra = overlay(tmp_path, FOLDERS, LINES)
    files = lambda root: {file.relative_to(root): file.read_bytes() for file in root.rglob("*.py")}
    before, after = files(REPOSITORY / "infra"), files(infra)
    changed = {file for file in before if after.get(file) != before[file]}
    added = {str(file.parent) for file in after.keys() - before.keys()}
    assert changed == {Path("linkproof_lab/registry.py")}
    assert added == set(FOLDERS)
    assert (
        len(after[Path("linkproof_lab/registry.py")].splitlines())
        == len(before[Path("linkproof_lab/registry.py")].splitlines()) + 3
    )


def test_the_lab_tells_where_the_toys_are(toys: Toys) -> None:
    assert toys.status["healthy"], toys.status
    net, ports = toys.settings.net, f"ports {toys.settings.http_port} and {toys.settings.https_port}"
    assert toys.status["addresses"]["Toy edge edges"] == f"127.{net}.210.1 {ports}"
    assert toys.status["addresses"]["Toy sender origin"] == f"127.{net}.220.1 {ports}"
    assert {"id": ZONE, "name": "customer.example", "host": "toy"}.items() <= {
        zone["id"]: zone for zone in toys.status["zones"]
    }[ZONE].items()


def test_a_click_goes_from_the_toy_dns_through_the_toy_edge_to_the_toy_sender(toys: Toys, plugin: Plugin) -> None:
    edge = plugin.resource("toy:index:Edge").create({"host": HOST, "origin": "toy-sender.example"})
    assert edge.outputs["domain_name"] == f"{edge.id}.toy-edge.example"
    record = plugin.resource("toy:index:Record").create(
        {"zone": ZONE, "name": HOST, "type": "CNAME", "ttl": 60, "values": [f"{edge.outputs['domain_name']}."]}
    )
    at_edge = toys.settings.address(210, 1)
    for server in (toys.settings.address(203, 1), toys.settings.address(203, 2)):
        assert toys.ask(server, HOST, "CNAME") == [f"{edge.outputs['domain_name']}."]
    assert at_edge in toys.ask(toys.settings.resolver, HOST, "A")

    assert toys.get(HOST)[0] == 404, "the sender does not know the host yet"
    toys.python(SETTLE)
    status, headers = toys.get(HOST)
    assert (status, headers["location"], headers["x-toy-id"]) == (302, "https://www.example.com/welcome", edge.id)
    assert [(click["sender"], click["host"]) for click in read_clicks(toys.settings)] == [("toy", HOST)]

    record.update({**record.inputs, "ttl": 120, "values": ["toy-sender.example."]})
    assert toys.ask(toys.settings.address(203, 1), HOST, "CNAME") == ["toy-sender.example."]
    assert record.changed({**record.inputs, "type": "TXT"}) == ({"type"}, {"type"})
    record.delete()
    edge.delete()
    assert not toys.ask(toys.settings.address(203, 1), HOST, "CNAME")
    assert edge.refresh() is None
    with pytest.raises((ssl.SSLError, ConnectionError)):
        toys.get(HOST)


def test_what_the_toy_apis_refuse_reaches_the_engine(toys: Toys, plugin: Plugin) -> None:
    edge = plugin.resource("toy:index:Edge").create({"host": "twice.customer.example", "origin": "toy-sender.example"})
    with pytest.raises(RefusedError, match="exists: an edge for"):
        plugin.resource("toy:index:Edge", "again").create(edge.inputs)
    with pytest.raises(RefusedError, match="no-such-zone"):
        plugin.resource("toy:index:Record").create(
            {"zone": "other", "name": "a.example", "type": "A", "ttl": 60, "values": ["192.0.2.1"]}
        )
    imported = plugin.resource("toy:index:Edge", "imported").imported(edge.id)
    assert imported is not None
    assert imported[2]["domain_name"] == edge.outputs["domain_name"]
    edge.delete()


@pytest.mark.parametrize("kind", ["edges", "dns"])
def test_a_toy_api_wants_a_token_and_another_token_is_another_account(toys: Toys, kind: str) -> None:
    path = {"edges": "/edges", "dns": "/zones"}[kind]
    assert httpx.get(toys.endpoints[kind] + path, trust_env=False).status_code == 401
    answer = httpx.get(toys.endpoints[kind] + path, headers={"authorization": "Bearer other"}, trust_env=False)
    assert answer.status_code == 200
    assert answer.json() == (
        {"edges": []} if kind == "edges" else {"zones": [{"id": ZONE, "name": "customer.example"}]}
    )


def test_records_of_a_host_with_an_api_are_not_set_by_hand(toys: Toys, control: LabControl) -> None:
    with pytest.raises(Exception, match="held by the toy API"):
        control.set_records(ZONE, [{"name": HOST, "type": "TXT", "ttl": 60, "data": ['"x"']}])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda facts: facts.replace("(100, 201)", "(100, 1)"),
            "edges/toy and vendors/aws have the same address 100.1",
        ),
        (lambda facts: facts.replace('package="toy"', 'vendor="nobody"'), "edges/toy: there is no vendor 'nobody'"),
        (lambda facts: facts.replace("edges=((210, 1),)", ""), "edges/toy has edge.py, and its facts have no edges"),
        (
            lambda facts: facts.replace("api=(100, 201), ", ""),
            "edges/toy has api.py, and its facts have no api or vendor",
        ),
        (lambda facts: facts.replace("FACTS", "OTHER"), "edges/toy: linkproof_lab.edges.toy.facts has no FACTS"),
    ],
    ids=["address", "vendor", "edges", "api", "facts"],
)
def test_a_folder_that_cannot_be_is_named(tmp_path: Path, change: Callable[[str], str], said: str) -> None:
    infra = overlay(tmp_path, FOLDERS, LINES)
    facts = infra / "linkproof_lab/edges/toy/facts.py"
    facts.write_text(change(facts.read_text()))
    assert said in _said(infra)


def test_a_line_without_a_folder_is_named(tmp_path: Path) -> None:
    infra = overlay(tmp_path, {}, {"linkproof_lab/registry.py": ['EDGES["lost"] = "linkproof_lab.edges.lost"']})
    assert "edges/lost: there is no folder linkproof_lab.edges.lost" in _said(infra)


def _said(infra: Path) -> str:
    """What `services()` raises."""
    program = "from linkproof_lab.service import ServiceError, services\ntry:\n    services()\nexcept ServiceError as error:\n    print(error)\n"
    return python(infra, LabSettings(infra.parent / "lab"), program)
