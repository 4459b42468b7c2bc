"""Declarations with a server of one's own."""

from __future__ import annotations

from typing import Any

from linkproof.declaration.load import load_text
from linkproof.declaration.model import Declaration
from linkproof.declaration.problem import Problem

EDGE = {"provider": "haproxy", "version": "debian-12", "name": "edge.example.net"}


def text(phase: str = "live", **edge: Any) -> str:
    """One link of SendGrid at edge `own`; a key of the edge that is None is left out."""
    keys = {key: value for key, value in {**EDGE, **edge}.items() if value is not None}
    own = ", ".join(f"{key}: {value}" for key, value in keys.items())
    link = "{sender: sendgrid, click_host: url1.example.net, owner_host: 1234567.example.net"
    return (
        "version: 1\nzones:\n  example.net: {dns: route53, id: Z0EXAMPLE0NET}\n"
        f"edges:\n  own: {{{own}}}\nlinks:\n  one: {link}, edge: own, phase: {phase}}}\n"
    )


def problems(phase: str = "live", **edge: Any) -> list[Problem]:
    return load_text(text(phase, **edge), "test.yaml").problems


def declared(phase: str = "live", **edge: Any) -> Declaration:
    loaded = load_text(text(phase, **edge), "test.yaml")
    assert loaded.declaration is not None, [str(one) for one in loaded.problems]
    return loaded.declaration
