"""A real nginx with the configuration that is written for it, on its way from ready to live and back, in the lab."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from linkproof import registry
from linkproof.declaration.load import require
from linkproof.plan.link import edge_uses
from linkproof.servers.describe import server_of
from linkproof.servers.items import SERVER_HOST
from linkproof_lab.ca import issue

from tests.engine.sandbox import Sandbox, link, linked
from tests.servers import programs
from tests.servers.programs import Program

HOST, SERVER = "url1.example.net", "edge.example.net"


def at(phase: str, address: str, program: Program) -> dict[str, Any]:
    own = {
        "provider": "nginx",
        "version": program.version,
        "name": SERVER,
        "addresses": [address],
        "resolvers": [address],
    }
    return linked({"one": link(HOST, phase, "own")}, edges={"own": own})


@contextmanager
def nginx(box: Sandbox, program: Program, folder: Path, address: str) -> Iterator[None]:
    """It answers at the lab's ports, and asks the lab's resolver for its origin."""
    declaration = require(box.root / "stacks" / "dev.yaml")
    plugin = registry.edge("nginx").server
    assert plugin is not None
    server = server_of(
        declaration.edges["own"], list(edge_uses(declaration, list(declaration.links.values()))), plugin.FACTS
    )
    issued = issue(box.lab, [HOST])
    (folder / "chain.pem").write_text(issued.cert_pem + issued.chain_pem)
    (folder / "key.pem").write_text(issued.key_pem)
    here = replace(
        server,
        sites=[
            replace(site, certificate=str(folder / "chain.pem"), key=str(folder / "key.pem")) for site in server.sites
        ],
        resolvers=[f"{box.lab.resolver}:{box.lab.dns_port}"],
        trust=str(box.lab.ca_file),
        folder=str(folder),
        log=str(folder / "access.log"),
        user="root",
        http=[f"{address}:{box.lab.http_port}"],
        https=[f"{address}:{box.lab.https_port}"],
        origin_port=box.lab.https_port,
    )
    for name, text in plugin.render(here).files.items():
        (folder / name).write_text(text)
    with programs.running(program, folder, [*here.http, *here.https]):
        yield


def test_a_server_of_one_s_own_is_proven_ready_and_live_and_is_let_go_of_in_time(
    fresh: Sandbox, tmp_path: Path
) -> None:
    program = programs.program("nginx")
    address = fresh.lab.address(77, 1)
    fresh.stack("dev", at("ready", address, program))
    fresh.linkproof("guard", "dev")
    fresh.up("dev")
    folder = tmp_path / "nginx"
    folder.mkdir()
    with nginx(fresh, program, folder, address):
        code, report = fresh.verify("dev")
        assert (code in {0, 4}, report["findings"]) == (True, []), report
        # the click host alone moves, in place
        fresh.declare("dev", at("live", address, program))
        fresh.linkproof("guard", "dev")
        steps = fresh.steps_of_up("dev")
        assert ("update", f"{HOST}/CNAME") in steps
        assert not [step for step in steps if step[0] != "update"], steps
        code, report = fresh.verify("dev")
        assert (code in {0, 4}, report["findings"]) == (True, []), report
        held = {one["urn"].rpartition("::")[2]: one for one in fresh.state("dev")["deployment"]["resources"]}
        assert [held[name].get("protect") for name in (f"{HOST}/nginx", f"{HOST}/CNAME", f"{SERVER}/A")] == [True] * 3
        assert held[f"{HOST}/nginx"]["type"] == SERVER_HOST
        # and back: the server keeps the host until nobody can be led there any more
        fresh.declare("dev", at("ready", address, program))
        fresh.linkproof("guard", "dev")
        fresh.up("dev")
        fresh.declare("dev", at("branded", address, program))
        assert "resolvers may hold the edge's address until" in fresh.linkproof("guard", "dev", code=2).stdout
    # a server that is away is found
    fresh.declare("dev", at("ready", address, program))
    code, report = fresh.verify("dev")
    assert code in {1, 3}, report
