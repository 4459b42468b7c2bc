"""Network namespaces for one test: a hub with a small internet, and places from which it is seen differently."""

from __future__ import annotations

import ipaddress
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.faults.daemon import Daemon

REPOSITORY = Path(__file__).resolve().parents[3]
# Where the internet is, and from where it is asked.
NETWORKS = ("10.53.0.0/16", "fd53::/64")


class Namespace:
    """One network namespace, held by a process that does nothing else; both end together."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._holder = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "unshare", "--net", "sh", "-c", "echo; exec sleep 3600"],
            stdout=subprocess.PIPE,
        )
        assert self._holder.stdout is not None
        self._holder.stdout.readline()
        self.pid = self._holder.pid
        self.ip("link", "set", "lo", "up")

    def inside(self, *command: str) -> list[str]:
        """The command that runs it here."""
        return ["nsenter", "--net", "--target", str(self.pid), *command]

    def run(self, *command: str) -> str:
        done = subprocess.run(self.inside(*command), capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, (command, done.stderr)
        return done.stdout

    def ip(self, *arguments: str) -> None:
        self.run("ip", *arguments)

    def forwards(self) -> None:
        """What is not for it goes on."""
        self.run("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")

    def rules_before_local(self, *rules: str) -> None:
        """Rules that are looked at before whether an address is one of ours; each in the words of `ip rule add`."""
        self.ip("rule", "add", "pref", "200", "lookup", "local")
        self.ip("rule", "del", "pref", "0")
        for rule in rules:
            self.ip("rule", "add", "pref", "100", *rule.split())

    def close(self) -> None:
        self._holder.kill()
        self._holder.wait()


def connect(hub: Namespace, place: Namespace, number: int, *, families: tuple[int, ...] = (4, 6)) -> None:
    """A cable between them, 10.55.N.1 and fd55:N::1 at the hub, .2 and ::2 at the place, whose way to anywhere it is."""
    near, far = f"h{number}", f"p{number}"
    hub.ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", str(place.pid))
    for space, device, last in ((hub, near, 1), (place, far, 2)):
        if 4 in families:
            space.ip("addr", "add", f"10.55.{number}.{last}/24", "dev", device)
        if 6 in families:
            space.ip("-6", "addr", "add", f"fd55:{number}::{last}/64", "dev", device, "nodad")
        space.ip("link", "set", device, "up")
    if 4 in families:
        place.ip("route", "add", "default", "via", f"10.55.{number}.1")
    if 6 in families:
        place.ip("-6", "route", "add", "default", "via", f"fd55:{number}::1")


def refusal() -> str:
    """What this kernel does not let us make, in its words; empty where it lets us make all of it. A container may have no cables."""
    with closing(Namespace("one")) as one, closing(Namespace("other")) as other:
        try:
            connect(one, other, 1)
            one.forwards()
            one.rules_before_local()
            serve_networks(one)
        except AssertionError as error:
            return str(error)
    return ""


def serve_networks(hub: Namespace) -> None:
    """Make every address of the internet one of the hub's."""
    for network in NETWORKS:
        family = f"-{ipaddress.ip_network(network).version}"
        hub.ip(family, "route", "add", "local", network, "dev", "lo")


class Intercepting(Daemon):
    """Answers every question of DNS that passes, whomever it was for."""

    def __init__(self, place: Namespace, folder: Path) -> None:
        super().__init__(
            place.inside(sys.executable, "-m", "tests.shards.dask.interceptor"), folder / "interceptor.log"
        )
