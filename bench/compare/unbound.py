"""unbound as the private internet's validating resolver, from its own root hints."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dns.exception
import dns.message
import dns.query

from bench.compare.world import RESOLVER, ROOT


@contextmanager
def resolver(folder: Path, anchors: tuple[str, ...]) -> Iterator[None]:
    """Runs while the block does.

    Args:
        anchors: the root's keys as zone-file lines; without any it does not validate.
    """
    home = folder / "unbound"
    home.mkdir()
    (home / "root.hints").write_text(f". 3600000 NS a.root.\na.root. 3600000 A {ROOT}\n")
    trust = "".join(f'    trust-anchor: "{" ".join(anchor.split())}"\n' for anchor in anchors)
    conf = home / "unbound.conf"
    conf.write_text(
        f"server:\n    interface: {RESOLVER}\n    access-control: 127.0.0.0/8 allow\n    username: ''\n    chroot: ''\n"
        f"    directory: '{home}'\n    pidfile: ''\n    use-syslog: no\n    do-not-query-localhost: no\n    do-ip6: no\n"
        f"    root-hints: '{home}/root.hints'\n    local-zone: 'test.' nodefault\n    local-zone: '127.in-addr.arpa.' nodefault\n"
        f"    module-config: '{'validator ' if anchors else ''}iterator'\n    ede: yes\n    num-threads: 1\n{trust}"
        "remote-control:\n    control-enable: no\n"
    )
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(["unbound", "-d", "-p", "-c", str(conf)], stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait(process, home / "log")
            yield
        finally:
            process.terminate()
            process.wait(10)


def _wait(process: subprocess.Popen[bytes], log: Path) -> None:
    """Until it answers anything at all, about a name of its own."""
    query = dns.message.make_query("localhost.", "A")
    deadline = time.monotonic() + 15
    while True:
        try:
            dns.query.udp(query, RESOLVER, timeout=0.5)
        except (OSError, dns.exception.DNSException):
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(log.read_text(errors="replace")[-2000:]) from None
            time.sleep(0.05)
        else:
            return
