"""`linkproof karte csr`: a key, and the request for its certificate."""

from __future__ import annotations

from pathlib import Path

import typer

from linkproof.commands.karte.options import Folder, Host, host_name
from linkproof.commands.options import Json, print_json


def register(app: typer.Typer) -> None:
    app.command()(csr)


def csr(host: Host, out: Folder = Path(), as_json: Json = False) -> None:
    """Write HOST.key (RSA 2048, for you alone) and HOST.csr, which the CA gets. Never overwrites; the key is never printed."""
    from linkproof.karte.request import write_request

    name = host_name(host)
    key, request = write_request(name, out)
    if as_json:
        print_json({"version": 1, "host": name.text, "key": str(key), "request": str(request)})
        return
    print(f"written: {key} (the key: keep it, give it to nobody but KARTE)")
    print(f"written: {request}")
    print(f"next: have a certificate issued for {request}, then")
    print(f"      linkproof karte bundle {name.text} --cert FILE --key {key}")
