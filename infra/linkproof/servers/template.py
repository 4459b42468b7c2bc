"""Configurations from templates: what a template does not know is an error, and nothing is escaped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from linkproof.contract.server import Server


def filled(folder: Path, name: str, server: Server, **more: Any) -> str:
    """The text of one template, ending in a line end.

    Args:
        folder: the plug-in's.
        name: of the template there.
        more: what it takes beside `server`.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  # no HTML: words in it are host names, addresses and paths, each held to its form
    )
    return environment.get_template(name).render(server=server, **more)


def divided(place: str) -> tuple[str, int]:
    """Address, without brackets, and port of `ADDRESS:PORT`."""
    address, _, port = place.rpartition(":")
    return address.strip("[]"), int(port)
