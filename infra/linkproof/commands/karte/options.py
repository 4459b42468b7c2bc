"""Arguments and options that the commands of `linkproof karte` share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from linkproof.karte.bundle import Bundle
    from linkproof.names import HostName

Host = Annotated[str, typer.Argument(help="The tracking host, for example t.example.com.", metavar="HOST")]
Folder = Annotated[Path, typer.Option("--out", help="The folder to write into.", metavar="DIR")]


def host_name(text: str) -> HostName:
    """The tracking host.

    Raises:
        LinkproofError: it is no host name, or a wildcard, or has one label.
    """
    from linkproof.names import HostName

    if "*" in text:
        raise LinkproofError(
            f"{text}: KARTE takes no wildcard (ワイルド・カード証明書以外)",
            "name the one tracking host, for example t.example.com",
        )
    host = HostName.parse(text)
    if len(host.labels) < 2:
        raise LinkproofError(f"{text}: no CA issues for a name of one label", "name the whole tracking host")
    return host


def bundle_to_json(host: HostName, made: Bundle) -> dict[str, Any]:
    """The two files for KARTE, and when the next ones are to be made."""
    return {
        "version": 1,
        "host": host.text,
        "certificate": str(made.certificate_file),
        "key": str(made.key_file),
        "not_after": made.not_after.isoformat(),
        "reminder": made.reminder.isoformat(),
        "last_day_to_act": str(made.last_day),
        "notes": made.notes,
    }


def ask_for_upload(made: Bundle) -> None:
    """Say what was written, and what a person does with it."""
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
