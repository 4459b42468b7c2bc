"""A rendered configuration with the files that it names, in a folder of loopback's own."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path

from linkproof import registry
from linkproof.contract.server import Origin, Rendered, Server, ServerPlugin, Site
from linkproof.servers.files import signed
from linkproof.servers.versions import parsed

from tests import chains
from tests.ports import free_port
from tests.servers import programs
from tests.servers.programs import Program


def loopback() -> str:
    """An address that no other test has."""
    return f"127.{secrets.randbelow(200) + 20}.{secrets.randbelow(250) + 1}.{secrets.randbelow(250) + 1}"


def certificates(folder: Path, trust: Path, *, links: tuple[str, ...], origins: tuple[str, ...]) -> None:
    """`link.*` for the click hosts, `origin.*` for the origins, each `.pem` and `.key`, and `both.pem` with the links' two; signed by one root.

    Args:
        trust: where the root goes.
    """
    root = chains.root()
    trust.write_bytes(chains.pem(root))
    for name, hosts in {"link": links, "origin": origins}.items():
        key = chains.ec_key(name)
        leaf = chains.leaf("Test Root", signer=chains.ec_key("root"), key=key, names=hosts)
        (folder / f"{name}.pem").write_bytes(chains.pem(leaf))
        (folder / f"{name}.key").write_bytes(chains.key_pem(key))
    (folder / "both.pem").write_bytes((folder / "link.pem").read_bytes() + (folder / "link.key").read_bytes())


def placed(
    program: Program,
    origins: Mapping[str, Origin],
    folder: Path,
    served: Path,
    trust: Path,
    address: str,
    origin_port: int,
) -> Server:
    """A server with the certificates of a folder, at free ports of an address and of ::1.

    Args:
        origins: by click host.
        served: where answers for a CA are, which the program can read whatever user it is.
        address: of its name server too.
    """
    facts = _plugin(program).FACTS
    ports = [free_port(address, "::1") for _ in range(2)]
    key = "" if facts.KEY_IN_CERTIFICATE else "link.key"
    return Server(
        version=parsed(program.version),
        sites=tuple(
            Site(host, asked, str(folder / ("both.pem" if not key else "link.pem")), str(folder / key) if key else "")
            for host, asked in sorted(origins.items())
        ),
        challenge=str(served) if facts.CHALLENGE.startswith("/") else f"127.0.0.1:{free_port()}",
        resolvers=[address] if facts.NEEDS_RESOLVERS else [],
        trust=str(trust),
        folder=str(folder),
        log="stdout format raw" if program.name == "haproxy" else str(folder / "access.log"),
        user="" if program.name == "haproxy" else "root",
        http=(f"{address}:{ports[0]}", f"[::1]:{ports[0]}"),
        https=(f"{address}:{ports[1]}", f"[::1]:{ports[1]}"),
        inner=f"127.0.0.1:{free_port()}",
        origin_port=origin_port,
    )


def written(program: Program, server: Server, folder: Path) -> Rendered:
    """The configuration, in its folder."""
    rendered = _plugin(program).render(server)
    for name, text in rendered.files.items():
        (folder / name).write_text(signed(text))
    if program.name == "apache":
        programs.apache_main(folder, program)
    return rendered


def _plugin(program: Program) -> ServerPlugin:
    plugin = registry.edge(program.name).server
    assert plugin is not None
    return plugin
