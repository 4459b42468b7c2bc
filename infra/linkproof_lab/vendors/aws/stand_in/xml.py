"""Just enough XML for the REST-XML services: written from nested pairs, read without namespaces."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree as ET

Node = tuple[str, Any]


def document(tag: str, namespace: str, children: Iterable[Node | None]) -> bytes:
    """A document. A child is (tag, text, number, flag or children); None children are left out."""
    root = ET.Element(tag, xmlns=namespace)
    _append(root, children)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root)


def items(tag: str, values: Iterable[Any]) -> list[Node]:
    """CloudFront's lists: a `Quantity`, and `Items` unless there are none."""
    all_items = [(tag, value) for value in values]
    return [("Quantity", len(all_items)), *([("Items", all_items)] if all_items else [])]


def parse(data: bytes) -> ET.Element:
    """The document with plain tags."""
    root = ET.fromstring(data)  # noqa: S314 - bounded, and from the lab on loopback
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def text(element: ET.Element | None, path: str, default: str = "") -> str:
    found = element.find(path) if element is not None else None
    return default if found is None or found.text is None else found.text


def texts(element: ET.Element | None, path: str) -> list[str]:
    return [] if element is None else [found.text or "" for found in element.findall(path)]


def flag(element: ET.Element | None, path: str) -> bool:
    return text(element, path) == "true"


def number(element: ET.Element | None, path: str, default: int = 0) -> int:
    return int(text(element, path, str(default)))


def _append(parent: ET.Element, children: Iterable[Node | None]) -> None:
    for child in children:
        if child is None:
            continue
        tag, value = child
        element = ET.SubElement(parent, tag)
        if isinstance(value, bool):
            element.text = "true" if value else "false"
        elif isinstance(value, str | int):
            element.text = str(value)
        else:
            _append(element, value)
