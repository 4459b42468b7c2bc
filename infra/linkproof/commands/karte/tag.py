"""`linkproof karte tag`: the snippet for pages."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from linkproof.commands.karte.options import Host, host_name
from linkproof.commands.options import Json, print_json


def register(app: typer.Typer) -> None:
    app.command()(tag)


def tag(
    host: Host,
    api_key: Annotated[
        str | None, typer.Option(help="The project's API key; it is in every page, so no secret.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Print KARTE's tag (計測タグ) with the host's four URLs and httponly_cookie."""
    from linkproof.karte.tag import PLACEHOLDER, URLS
    from linkproof.karte.tag import tag as snippet

    name = host_name(host)
    text = snippet(name, api_key or PLACEHOLDER)
    if as_json:
        urls = {option: f"https://{name}{path}" for option, path in URLS.items()}
        print_json({"version": 1, "host": name.text, "urls": urls, "tag": text})
        return
    print(text, end="")
    if api_key is None:
        print(f"note: write the project's API key in place of {PLACEHOLDER}, or give --api-key", file=sys.stderr)
