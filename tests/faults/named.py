"""bind9's named on loopback, as an authoritative server with views, and as a resolver.

It listens only on addresses that an interface really has, so everything of it stands at 127.0.0.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests import parts
from tests.faults.daemon import Daemon, serves, speaks

ADDRESS = "127.0.0.1"
# Nothing outside its own folder, no control channel, and no port but the test's.
_HEAD = """
options {{
    directory "{home}"; pid-file none; session-keyfile none; lock-file none; managed-keys-directory "{home}";
    port {port}; listen-on {{ {address}; }}; listen-on-v6 {{ none; }}; interface-interval 0; notify no; empty-zones-enable no;
    {options}
}};
controls {{ }};
"""


@dataclass(frozen=True)
class View:
    """What named shows to some of those that ask.

    Args:
        zones: apex → text of the zone's file.
        clients: the addresses that see it.
        more: further zone statements.
    """

    zones: dict[str, str]
    clients: str = "any;"
    more: str = ""


def named(folder: Path, port: int, *views: View, options: str = "recursion no;") -> Daemon:
    """named as an authoritative server; ready once it has the zones of the last view, which must be for everybody."""
    home = _home(folder, "named")
    statements = []
    for number, view in enumerate(views):
        zones = []
        for apex, text in view.zones.items():
            file = home / f"{number}.{apex}zone"
            file.write_text(text)
            zones.append(f'    zone "{apex}" {{ type primary; file "{file}"; }};')
        head = f'view "v{number}" {{ match-clients {{ {view.clients} }};'
        statements += [head, *zones, view.more, "};"]
    text = _HEAD.format(home=home, port=port, address=ADDRESS, options=f"dnssec-validation no; {options}")
    is_ready = serves(ADDRESS, port, *views[-1].zones) if views[-1].zones else speaks(ADDRESS, port)
    return _start(home, text + "\n".join([*statements, ""]), is_ready)


def named_resolver(folder: Path, port: int, hints: Path, anchors: dict[str, str]) -> Daemon:
    """named as a validating resolver that walks down from these hints by itself; all that it asks listen on the same port.

    Args:
        anchors: zone → DS that it trusts.
    """
    home = _home(folder, "named-resolver")
    keys = []
    for zone, ds in anchors.items():
        tag, algorithm, digest_type, *digest = ds.split()
        keys.append(f'    "{zone}" static-ds {tag} {algorithm} {digest_type} "{"".join(digest)}";')
    options = "recursion yes; allow-recursion { any; }; dnssec-validation yes; qname-minimization off;"
    text = _HEAD.format(home=home, port=port, address=ADDRESS, options=options)
    trust = "\n".join(["trust-anchors {", *keys, "};"])
    return _start(home, f'{text}{trust}\nzone "." {{ type hint; file "{hints}"; }};\n', speaks(ADDRESS, port))


def _home(folder: Path, name: str) -> Path:
    parts.need("bind9", "named")
    home = folder / name
    home.mkdir()
    return home


def _start(home: Path, configuration: str, is_ready) -> Daemon:
    conf = home / "named.conf"
    conf.write_text(configuration)
    # one worker: a test needs no more, and the machine has others to serve
    return Daemon(["named", "-4", "-g", "-n", "1", "-c", str(conf)], home / "log", is_ready)
