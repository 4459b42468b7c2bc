"""A declaration's text with a link's two edges in each other's place: two words change, and every other character stays."""

from __future__ import annotations

from typing import Any

from linkproof.declaration.edit import node_at
from linkproof.declaration.nodes import read
from linkproof.errors import LinkproofError


def exchanged(text: str, name: str, link: str) -> str:
    """Args:
        text: of a declaration without problems, in which the link has `edge` and `standby`.
        name: of the file, for messages.
        link: its key.

    Raises:
        LinkproofError: the file is laid out so that the two words cannot be exchanged alone.
    """
    first, second = sorted(
        (node_at(text, ("links", link, word)) for word in ("edge", "standby")),
        key=lambda node: int(node.start_mark.index),
    )
    (one, end), (other, last) = ((node.start_mark.index, node.end_mark.index) for node in (first, second))
    after = text[:one] + text[other:last] + text[end:other] + text[one:end] + text[last:]
    wanted: Any = read(text, name).value
    entry = wanted["links"][link]
    entry["edge"], entry["standby"] = entry["standby"], entry["edge"]
    if read(after, name).value != wanted:
        raise LinkproofError(
            f"{name}:{first.start_mark.line + 1}: `edge` and `standby` of {link} cannot be exchanged without changing more",
            "exchange the two words by hand",
        )
    return after
