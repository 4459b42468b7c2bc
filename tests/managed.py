"""Declarations with `edge: managed`: no sender's is modelled yet, so `check` refuses what the steps already know."""

from __future__ import annotations

import re
from dataclasses import replace

from linkproof.declaration.load import load_text
from linkproof.declaration.model import Declaration

MANAGED = "managed"


def read(text: str) -> Declaration:
    """The declaration in a text with edge `aws`; links with a managed edge get it after the rules have judged the rest."""
    managed = set(re.findall(rf"^  (\w+): {{.*\bedge: {MANAGED}\b", text, re.MULTILINE))
    loaded = load_text(text.replace(f"edge: {MANAGED}", "edge: aws"), "test.yaml")
    assert loaded.declaration is not None, [str(problem) for problem in loaded.problems]
    links = {
        key: replace(one, edge=MANAGED) if key in managed else one for key, one in loaded.declaration.links.items()
    }
    return replace(loaded.declaration, links=links)
