"""Names as DNS hosts' APIs take and answer them: without the trailing dot. One form keeps every preview quiet."""

from __future__ import annotations

import pulumi


def without_dot(name: pulumi.Input[str]) -> pulumi.Input[str]:
    """A name known now stays a plain value, which costs the engine nothing."""
    if isinstance(name, str):
        return name.removesuffix(".")
    known: pulumi.Output[str] = pulumi.Output.from_input(name)
    return known.apply(lambda text: text.removesuffix("."))
