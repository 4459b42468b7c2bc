"""pebble, Let's Encrypt's small CA for tests: a real ACME server on loopback that asks a lab's resolver.

It does not look at CAA and takes weak keys, so it proves nothing about those.
"""

from __future__ import annotations

import base64
import json
import os
import socket
import ssl
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.chains import certificate, ec_key, key_pem, pem
from tests.faults.daemon import Daemon
from tests.ports import free_port

REPOSITORY = Path(__file__).resolve().parents[2]
EAB_KID, EAB_KEY = (
    "kid-1",
    base64.urlsafe_b64encode(b"opens nothing but a CA that a test has started.").decode().rstrip("="),
)


class Pebble(Daemon):
    """One CA.

    Args:
        folder: empty, of its own.
        resolver: `address:port` that it asks.
        variables: of pebble's environment. No nonce is refused and no proof taken over but where one says so: by its own choice pebble
            refuses 5 of 100 nonces and takes over half of all proofs.
        settings: more of its configuration.
    """

    def __init__(
        self, folder: Path, resolver: str, variables: dict[str, str] | None = None, **settings: object
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        key = ec_key("pebble's own server")
        anchor = certificate("localhost", "localhost", key, key, names=("localhost",))
        self._server_certificate = pem(anchor)
        (folder / "server.pem").write_bytes(pem(anchor))
        (folder / "server.key").write_bytes(key_pem(key))
        port, self._management = free_port(), free_port()
        self.directory = f"https://localhost:{port}/dir"
        config = {
            "listenAddress": f"127.0.0.1:{port}",
            "managementListenAddress": f"127.0.0.1:{self._management}",
            "certificate": str(folder / "server.pem"),
            "privateKey": str(folder / "server.key"),
            "httpPort": 1,
            "tlsPort": 1,
            **settings,
        }
        (folder / "pebble.json").write_text(json.dumps({"pebble": config}))
        said = {"PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0", "PEBBLE_AUTHZREUSE": "0", **(variables or {})}
        command = ["env", *(f"{name}={value}" for name, value in said.items()), _built()]
        command += ["-config", str(folder / "pebble.json"), "-dnsserver", resolver]
        super().__init__(command, folder / "pebble.log", lambda: _answers(port) and _answers(self._management))

    def trust(self, *, root: int = 0) -> Path:
        """A file that trusts its server, and what it issues.

        Args:
            root: of its roots, the one that is trusted.
        """
        context = ssl.create_default_context(cadata=self._server_certificate.decode())
        with urllib.request.urlopen(f"https://localhost:{self._management}/roots/{root}", context=context) as answer:
            file = self._folder / f"trust-{root}.pem"
            file.write_bytes(self._server_certificate + answer.read())
        return file


def _built() -> str:
    """Built once from its Go module where there is Go. Missing, it fails in CI and skips elsewhere."""
    run = subprocess.run(
        [REPOSITORY / "tools" / "pebble" / "build.sh"], check=False, capture_output=True, text=True, timeout=900
    )
    if run.returncode == 0:
        return run.stdout.strip()
    if os.environ.get("CI"):
        pytest.fail(run.stderr)
    pytest.skip(f"pebble cannot be built here: {run.stderr.strip().splitlines()[-1]}")


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
