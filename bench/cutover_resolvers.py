"""Debian's resolvers over the lab's zones: each with its defaults, and each with its way of serving stale answers.

Only what the lab needs differs from a program's defaults: where the zones' servers are, that loopback may be asked, and no trust anchor.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store

from tests.faults.daemon import Daemon, speaks
from tests.ports import free_port

ADDRESS = "127.0.0.1"  # named listens on no address that an interface does not have


@dataclass(frozen=True, slots=True)
class Kind:
    """A program with its options.

    Args:
        package: of Debian.
        stale: what switches serving stale on; empty for the defaults.
    """

    name: str
    package: str
    program: str
    stale: str = ""

    @property
    def is_here(self) -> bool:
        return shutil.which(self.program) is not None


_PROGRAMS = (
    ("unbound", "unbound", "unbound", "serve-expired: yes"),
    ("knot-resolver", "knot-resolver", "kresd", "modules.load('serve_stale < cache')"),
    ("pdns-recursor", "pdns-recursor", "pdns_recursor", "serve-stale-extensions=10"),
    ("bind", "bind9", "named", "stale-answer-client-timeout 0"),
)
KINDS = tuple(Kind(*program[:3], stale) for program in _PROGRAMS for stale in ("", program[3]))


@dataclass(frozen=True, slots=True)
class Resolver:
    """One that runs."""

    kind: Kind
    port: int

    @property
    def name(self) -> str:
        return f"{self.kind.name}, {self.kind.stale}" if self.kind.stale else self.kind.name


@contextmanager
def running(folder: Path, lab: LabSettings, kinds: tuple[Kind, ...] = KINDS) -> Iterator[list[Resolver]]:
    """Start those that are installed; the lab must have its zones."""
    servers = {zone.name: [address for _, address in zone.servers] for zone in Store(lab.database).zones() if zone.name}
    with ExitStack() as stack:
        found = []
        for number, kind in enumerate(kinds):
            if not kind.is_here:
                continue
            home = folder / f"{number}-{kind.program}"
            home.mkdir(parents=True)
            one = Resolver(kind, free_port(ADDRESS))
            command = _WRITERS[kind.program](home, one, lab, servers)
            stack.enter_context(Daemon(command, home / "log", speaks(ADDRESS, one.port, "com.")))
            found.append(one)
        yield found


_Servers = dict[str, list[str]]


def _unbound(home: Path, one: Resolver, lab: LabSettings, servers: _Servers) -> list[str]:
    stubs = "".join(_stub(zone, addresses, lab.dns_port) for zone, addresses in servers.items())
    (home / "unbound.conf").write_text(
        f"server:\n    interface: {ADDRESS}@{one.port}\n    username: ''\n    chroot: ''\n    directory: '{home}'\n    pidfile: ''\n"
        "    use-syslog: no\n    do-not-query-localhost: no\n    do-ip6: no\n    num-threads: 1\n    module-config: 'iterator'\n"
        f"    {one.kind.stale}\nremote-control:\n    control-enable: no\n{stubs}"
    )
    return ["unbound", "-d", "-p", "-c", str(home / "unbound.conf")]


def _stub(zone: str, addresses: list[str], port: int) -> str:
    return f"stub-zone:\n    name: {zone}.\n" + "".join(f"    stub-addr: {address}@{port}\n" for address in addresses)


def _kresd(home: Path, one: Resolver, lab: LabSettings, _: _Servers) -> list[str]:
    """It walks down at port 53 alone, so it asks the lab's resolver, and its cache is a second one behind that."""
    (home / "kresd.conf").write_text(
        f"net.listen('{ADDRESS}', {one.port}, {{ kind = 'dns' }})\n"
        "modules.unload('ta_update') modules.unload('ta_signal_query') modules.unload('priming')\n"
        f"cache.size = 10 * MB\ntrust_anchors.remove('.')\n{one.kind.stale}\n"
        f"policy.add(policy.all(policy.STUB({{'{lab.resolver}@{lab.dns_port}'}})))\n"
    )
    return ["kresd", "-n", "-c", str(home / "kresd.conf"), str(home)]


def _pdns_recursor(home: Path, one: Resolver, lab: LabSettings, servers: _Servers) -> list[str]:
    sockets = tempfile.mkdtemp(prefix="pdns-")  # a Unix socket's path has at most 107 octets
    atexit.register(shutil.rmtree, sockets, ignore_errors=True)
    zones = ",".join(
        f"{zone}={';'.join(f'{at}:{lab.dns_port}' for at in addresses)}" for zone, addresses in servers.items()
    )
    (home / "recursor.conf").write_text(
        f"local-address={ADDRESS}\nlocal-port={one.port}\nsocket-dir={sockets}\nforward-zones={zones}\ndont-query=\nthreads=1\n"
        f"dnssec=off\nsecurity-poll-suffix=\ndaemon=no\nsetuid=\nsetgid=\n{one.kind.stale}\n"
    )
    return ["pdns_recursor", f"--config-dir={home}"]


def _named(home: Path, one: Resolver, lab: LabSettings, _: _Servers) -> list[str]:
    stale = f"stale-cache-enable yes; stale-answer-enable yes; {one.kind.stale};" if one.kind.stale else ""
    (home / "named.conf").write_text(
        f'options {{ directory "{home}"; pid-file none; session-keyfile none; lock-file none; managed-keys-directory "{home}";\n'
        f"port {lab.dns_port}; listen-on port {one.port} {{ {ADDRESS}; }}; listen-on-v6 {{ none; }}; interface-interval 0;\n"
        f"recursion yes; allow-recursion {{ any; }}; dnssec-validation no; empty-zones-enable no; {stale} }};\ncontrols {{ }};\n"
        f'zone "." {{ type hint; file "{lab.hints_file}"; }};\n'
    )
    return ["named", "-4", "-g", "-n", "1", "-c", str(home / "named.conf")]


_WRITERS: dict[str, Callable[[Path, Resolver, LabSettings, _Servers], list[str]]] = {
    "unbound": _unbound,
    "kresd": _kresd,
    "pdns_recursor": _pdns_recursor,
    "named": _named,
}
