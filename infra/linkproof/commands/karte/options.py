"""Arguments and options that the commands of `linkproof karte` share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from linkproof.errors import LinkproofError

if TYPE_CHECKING:
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
