"""`linkproof karte bundle`: the two files that are uploaded at KARTE."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from linkproof.commands.karte.options import Folder, Host, host_name
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
        files = {"certificate": str(made.certificate_file), "key": str(made.key_file)}
        print_json(
            {
                "version": 1,
                "host": name.text,
                **files,
                "not_after": made.not_after.isoformat(),
                "reminder": made.reminder.isoformat(),
                "last_day_to_act": str(made.last_day),
                "notes": made.notes,
            }
        )
        return
    for note in made.notes:
        print(f"note: {note}")
    print(f"written: {made.certificate_file} (証明書)")
    print(f"written: {made.key_file} (秘密鍵: keep it, give it to nobody but KARTE)")
    print(
        f"valid until {made.not_after:%Y-%m-%d %H:%M} UTC; the next one from {made.reminder:%Y-%m-%d} on, by {made.last_day}"
    )
    print(
        "next: プロジェクト設定 > CNAME Tracking 設定 > ドメイン一覧 > 登録: upload both; on renewal DNS and tag stay as they are"
    )
