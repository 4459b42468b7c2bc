"""dnsdist on loopback: a load balancer before a real server, that spoils the answers of one zone each."""

from __future__ import annotations

from pathlib import Path

from tests import parts
from tests.faults.daemon import Daemon, serves

ADDRESS = "127.61.4.5"


def dnsdist(
    folder: Path, port: int, backend: str, zone: str, rules: list[str], *, addresses: tuple[str, ...] = (ADDRESS,)
) -> Daemon:
    """dnsdist with these rules.

    Args:
        backend: address of the server behind it, at the same port; pool `cached` leads there as well.
        zone: one that its rules leave alone; it is ready once that one is served.
        rules: lines of its configuration, which is Lua.
        addresses: where it listens.
    """
    parts.need("dnsdist", "dnsdist")
    home = folder / "dnsdist"
    home.mkdir()
    conf = home / "dnsdist.conf"
    listen = [f'addLocal("{address}:{port}")' for address in addresses]
    conf.write_text(
        # setUp: its own health check asks for names that no test serves
        "\n".join(['setSecurityPollSuffix("")', f'setLocal("{addresses[0]}:{port}")', *listen[1:],
                   f'newServer({{address="{backend}:{port}", pool={{"", "cached"}}}}):setUp()', *rules, ""])
    )  # fmt: skip
    return Daemon(
        ["dnsdist", "--supervised", "--disable-syslog", "-C", str(conf)], home / "log", serves(addresses[0], port, zone)
    )
