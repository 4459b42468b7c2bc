"""The parts that both kinds of CloudFront policy are made of: a behaviour, and the names that it is about."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree as ET

from linkproof.providers.protocol.schema import TEXT_SET, Field, choice, obj, required
from linkproof.providers.protocol.values import Properties

from linkproof_lab.vendors.aws.stand_in.xml import Node, items, text, texts


@dataclass(frozen=True, slots=True)
class Selection:
    """Cookies, headers or query strings: which of them count.

    Args:
        name: of the input (`cookiesConfig`).
        behavior: of the input inside it (`cookieBehavior`).
        items: of the list inside it (`cookies`).
        choices: of the behaviour.
    """

    name: str
    behavior: str
    items: str
    choices: tuple[str, ...]

    def field(self) -> Field:
        what = choice(*self.choices)
        # The real schema leaves the cache policy's headerBehavior optional; a policy without one means `none`.
        behavior = what.but(default="none") if self.behavior == "headerBehavior" else required(what)
        return obj({self.behavior: behavior, self.items: obj({"items": TEXT_SET})})


COOKIES = Selection("cookiesConfig", "cookieBehavior", "cookies", ("none", "whitelist", "allExcept", "all"))
HEADERS = Selection("headersConfig", "headerBehavior", "headers", ("none", "whitelist"))
ORIGIN_HEADERS = Selection(
    "headersConfig",
    "headerBehavior",
    "headers",
    ("none", "whitelist", "allViewer", "allViewerAndWhitelistCloudFront", "allExcept"),
)
QUERY_STRINGS = Selection(
    "queryStringsConfig", "queryStringBehavior", "queryStrings", ("none", "whitelist", "allExcept", "all")
)


def selection_node(part: Selection, inputs: Properties) -> Node:
    """`CookiesConfig` and the like."""
    names = (inputs.get(part.items) or {}).get("items") or []
    children: list[Node] = [(_upper(part.behavior), inputs.get(part.behavior, "none"))]
    if names:
        children.append((_upper(part.items), items("Name", names)))
    return _upper(part.name), children


def selection_inputs(part: Selection, parent: ET.Element) -> Properties:
    found = parent.find(_upper(part.name))
    names = texts(found, f"{_upper(part.items)}/Items/Name")
    chosen: Properties = {part.behavior: text(found, _upper(part.behavior), "none")}
    return {**chosen, part.items: {"items": names}} if names else chosen


def _upper(name: str) -> str:
    return name[0].upper() + name[1:]
