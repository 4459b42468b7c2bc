"""PowerDNS on loopback: a server that takes zone files with errors in them, flattens ALIAS records and signs while it answers."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests import parts
from tests.faults.daemon import Daemon, serves

ADDRESS = "127.61.4.7"


def powerdns(
    folder: Path,
    port: int,
    zones: dict[str, str],
    *,
    resolver: str = "",
    secured: dict[str, list[list[str]]] | None = None,
) -> Daemon:
    """pdns_server with these zones.

    Args:
        zones: apex → text of the zone's file, which is taken as it is.
        resolver: whom it asks for what an ALIAS leads to, as address:port; without one it does not expand any.
        secured: zone → further commands of pdnsutil for it, each without the zone; it gets keys before them.
    """
    parts.need("pdns-server pdns-backend-bind", "pdns_server", "pdnsutil")
    home = folder / "pdns"
    home.mkdir()
    statements = []
    for apex, text in zones.items():
        file = home / f"{apex}zone"
        file.write_text(text)
        statements.append(f'zone "{apex.rstrip(".")}" {{ type native; file "{file}"; }};')
    (home / "named.conf").write_text("\n".join([*statements, ""]))
    alias = f"expand-alias=yes\nresolver={resolver}\n" if resolver else ""
    (home / "pdns.conf").write_text(
        f"launch=bind\nbind-config={home}/named.conf\nbind-dnssec-db={home}/dnssec.db\nsocket-dir={home}\n"
        f"local-address={ADDRESS}\nlocal-port={port}\nsecurity-poll-suffix=\nenable-lua-records=yes\nreceiver-threads=1\ndistributor-threads=1\n{alias}"
    )
    pdnsutil(folder, "create-bind-db", str(home / "dnssec.db"))
    for zone, commands in (secured or {}).items():
        pdnsutil(folder, "secure-zone", zone)
        for command, *rest in commands:
            pdnsutil(folder, command, zone, *rest)
    return Daemon(["pdns_server", f"--config-dir={home}"], home / "log", serves(ADDRESS, port, *zones))


def pdns_ds(folder: Path, zone: str) -> list[str]:
    """The zone's DS as PowerDNS wants it at the parent (digest type 2)."""
    lines = pdnsutil(folder, "export-zone-ds", zone).splitlines()
    found = [line.partition(" DS ")[2].partition(";")[0].strip() for line in lines]
    return [value for value in found if value and value.split()[2] == "2"]


def pdnsutil(folder: Path, *words: str) -> str:
    command = ["pdnsutil", f"--config-dir={folder / 'pdns'}", *words]
    run = subprocess.run(command, check=False, capture_output=True, text=True, timeout=30)
    assert run.returncode == 0, f"{' '.join(command)}\n{run.stdout}{run.stderr}"
    return run.stdout
