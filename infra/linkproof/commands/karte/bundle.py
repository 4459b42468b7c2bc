"""`linkproof karte bundle`: the two files that are uploaded at KARTE."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from linkproof.commands.karte.options import Folder, Host, ask_for_upload, bundle_to_json, host_name
from linkproof.commands.options import Json, TrustFile, print_json

Certificate = Annotated[Path, typer.Option("--cert", help="The certificate, PEM; its intermediates may follow in it.")]
Intermediates = Annotated[list[Path] | None, typer.Option("--chain", help="Intermediates, PEM; may repeat.")]
Key = Annotated[
    Path,
    typer.Option(
        "--key",
        help="Its private key, PEM, not encrypted; `-` reads it from standard input, out of a store of secrets.",
    ),
]
Beside = Annotated[
    list[Path] | None,
    typer.Option(help="A certificate that must have another key: the one in use now, or of another use; may repeat."),
]


def register(app: typer.Typer) -> None:
    app.command()(bundle)


def bundle(
    host: Host,
    cert: Certificate,
    key: Key,
    chain: Intermediates = None,
    beside: Beside = None,
    ca: TrustFile = None,
    out: Folder = Path(),
    as_json: Json = False,
) -> None:
    """Check certificate, chain and key as KARTE and browsers take them, and write the two files to upload. Never overwrites."""
    from datetime import UTC, datetime

    from linkproof.karte.bundle import Sources, write_bundle

    name = host_name(host)
    sources = Sources((cert, *(chain or ())), key, tuple(beside or ()), ca)
    made = write_bundle(name, sources, out, datetime.now(UTC))
    if as_json:
        print_json(bundle_to_json(name, made))
        return
    ask_for_upload(made)
