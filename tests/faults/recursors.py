"""Resolvers that Debian has beside unbound and bind9, and CoreDNS: each on an address of its own, over the tests' zones."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests import parts
from tests.faults.daemon import Daemon, speaks

KRESD, PDNS, DNSMASQ, COREDNS = "127.61.53.10", "127.61.53.11", "127.61.53.12", "127.61.53.13"
ROOT = Path(__file__).parents[2]


def kresd(folder: Path, port: int, upstream: str, *, ds: str = "", zone: str = "example.test.") -> Daemon:
    """knot-resolver, which asks another resolver and validates what it says.

    Args:
        upstream: address of that one, at the same port.
        ds: the zone's, that it trusts; without one it does not validate.
    """
    parts.need("knot-resolver", "kresd")
    home = _home(folder, "kresd")
    action = "FORWARD" if ds else "STUB"
    trust = f"trust_anchors.add('{zone} 300 IN DS {ds}')" if ds else ""
    (home / "kresd.conf").write_text(
        f"net.listen('{KRESD}', {port}, {{ kind = 'dns' }})\n"
        "modules.unload('ta_update') modules.unload('ta_signal_query') modules.unload('priming')\n"
        f"cache.size = 10 * MB\ntrust_anchors.remove('.')\n{trust}\n"
        f"policy.add(policy.all(policy.{action}({{'{upstream}@{port}'}})))\n"
    )
    command = ["kresd", "-n", "-c", str(home / "kresd.conf"), str(home)]
    return Daemon(command, home / "log", speaks(KRESD, port, "vendor.test."))


def pdns_recursor(folder: Path, port: int, servers: dict[str, list[str]]) -> Daemon:
    """PowerDNS's recursor, which does not validate.

    Args:
        servers: zone → addresses of its servers, at the same port.
    """
    parts.need("pdns-recursor", "pdns_recursor")
    home = _home(folder, "pdns-recursor")
    sockets = tempfile.mkdtemp(
        prefix="pdns-"
    )  # a Unix socket's path has at most 107 octets, and pytest's folders are deep
    atexit.register(shutil.rmtree, sockets, ignore_errors=True)
    zones = ",".join(
        f"{apex.rstrip('.')}={';'.join(f'{address}:{port}' for address in addresses)}"
        for apex, addresses in servers.items()
    )
    (home / "recursor.conf").write_text(
        f"local-address={PDNS}\nlocal-port={port}\nsocket-dir={sockets}\nforward-zones={zones}\ndont-query=\nthreads=1\n"
        "dnssec=off\nsecurity-poll-suffix=\ndaemon=no\n"
        "setuid=\nsetgid=\nserver-down-max-fails=0\nnon-resolving-ns-max-fails=0\n"
    )
    command = ["pdns_recursor", f"--config-dir={home}"]
    return Daemon(command, home / "log", speaks(PDNS, port, "vendor.test."))


def dnsmasq(folder: Path, port: int, upstream: str, *options: str) -> Daemon:
    """dnsmasq before another resolver."""
    parts.need("dnsmasq", "dnsmasq")
    home = _home(folder, "dnsmasq")
    command = [
        "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--user=", "--bind-interfaces",
        "--pid-file=", f"--listen-address={DNSMASQ}", f"--port={port}", f"--server={upstream}#{port}", *options,
    ]  # fmt: skip
    return Daemon(command, home / "log", speaks(DNSMASQ, port, "vendor.test."))


def coredns(folder: Path, port: int, upstream: str, *options: str) -> Daemon:
    """CoreDNS with its cache before another resolver.

    Args:
        options: lines of the cache's block.
    """
    home = _home(folder, "coredns")
    block = "\n        ".join(options)
    (home / "Corefile").write_text(
        f".:{port} {{\n    bind {COREDNS}\n    errors\n    cache {{\n        {block}\n    }}\n    forward . {upstream}:{port}\n}}\n"
    )
    command = [_built(), "-conf", str(home / "Corefile")]
    return Daemon(command, home / "log", speaks(COREDNS, port, "vendor.test."))


def _built() -> str:
    """CoreDNS, which Debian does not have; built once from its Go module where there is Go. Missing, it fails in CI and skips elsewhere."""
    run = subprocess.run(
        [ROOT / "tools" / "coredns" / "build.sh"], check=False, capture_output=True, text=True, timeout=900
    )
    if run.returncode == 0:
        return run.stdout.strip()
    if os.environ.get("CI"):
        pytest.fail(run.stderr)
    pytest.skip(f"CoreDNS cannot be built here: {run.stderr.strip().splitlines()[-1]}")


def _home(folder: Path, name: str) -> Path:
    home = folder / name
    home.mkdir()
    return home
