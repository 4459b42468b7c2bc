"""XML of the AWS REST APIs to nested dicts and back, driven by the vendor's own shapes.

botocore writes requests and reads answers; a server needs the other two, and takes from it the model alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape


class WireError(Exception):
    """The document is not XML, or not of the shape."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a shape.

    Args:
        kind: `text`, `integer`, `boolean`, `shape` or `list`.
        shape: name of the shape of a member or of a list's items; empty for plain values.
        tag: element name of a list's items.
    """

    name: str
    kind: str
    shape: str
    tag: str
    item_kind: str
    required: bool


Shapes = Mapping[str, tuple[Member, ...]]

# What is not here is text on the wire.
_KINDS = {"structure": "shape", "list": "list", "integer": "integer", "long": "integer", "boolean": "boolean"}


class _VendorShapes(dict[str, tuple[Member, ...]]):
    """Shapes as they are asked for, members in the vendor's order."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self._model = model

    def __missing__(self, name: str) -> tuple[Member, ...]:
        shape = self._model.shape_for(name)
        self[name] = tuple(
            _member(member_name, member, required=member_name in shape.required_members)
            for member_name, member in shape.members.items()
            if "location" not in member.serialization  # else it is in the path, the query or the headers
        )
        return self[name]


@cache
def shapes_of(service: str) -> Shapes:
    """The shapes of a service in the vendor's own model, which botocore carries."""
    from botocore.loaders import Loader
    from botocore.model import ServiceModel

    return _VendorShapes(ServiceModel(Loader().load_service_model(service, "service-2")))


def _member(name: str, shape: Any, *, required: bool) -> Member:
    kind = _KINDS.get(shape.type_name, "text")
    if kind != "list":
        return Member(name, kind, shape.name if kind == "shape" else "", "", "", required)
    item = shape.member
    item_kind = _KINDS.get(item.type_name, "text")
    tag = item.serialization.get("name", "member")
    return Member(name, kind, item.name if item_kind == "shape" else "", tag, item_kind, required)


def decode(body: bytes, root: str, shape: str, shapes: Shapes) -> dict[str, Any]:
    """The dict that a document holds.

    Raises:
        WireError: not XML, another root element, an unknown or a missing member, or a value of the wrong kind.
    """
    try:
        element = ET.fromstring(body)  # noqa: S314 - loopback only; expat 2.4.1 and newer bounds entity expansion
    except ET.ParseError as error:
        raise WireError(str(error)) from error
    if _local(element) != root:
        raise WireError(f"expected {root}, found {_local(element)}")
    return _decode_shape(element, shape, shapes)


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _decode_shape(element: ET.Element, shape: str, shapes: Shapes) -> dict[str, Any]:
    found = {_local(child): child for child in element}
    result: dict[str, Any] = {}
    for member in shapes[shape]:
        child = found.pop(member.name, None)
        if child is not None:
            result[member.name] = _decode_value(child, member, shapes)
        elif member.required:
            raise WireError(f"{_local(element)} needs {member.name}")
    if found:
        raise WireError(f"{_local(element)} has no member {', '.join(found)}")
    return result


def _decode_value(element: ET.Element, member: Member, shapes: Shapes) -> Any:
    if member.kind == "shape":
        return _decode_shape(element, member.shape, shapes)
    if member.kind == "list":
        wrong = [_local(child) for child in element if _local(child) != member.tag]
        if wrong:
            raise WireError(f"{member.name} holds {member.tag}, not {wrong[0]}")
        if member.item_kind == "shape":
            return [_decode_shape(child, member.shape, shapes) for child in element]
        return [_plain(child, member.item_kind) for child in element]
    return _plain(element, member.kind)


def _plain(element: ET.Element, kind: str) -> str | int | bool:
    text = element.text or ""
    if kind == "integer":
        try:
            return int(text)
        except ValueError as error:
            raise WireError(f"{_local(element)} is {text!r}, not a number") from error
    if kind == "boolean":
        if text not in ("true", "false"):
            raise WireError(f"{_local(element)} is {text!r}, not true or false")
        return text == "true"
    return text


def encode(value: Mapping[str, Any], root: str, shape: str, shapes: Shapes, namespace: str) -> bytes:
    """The document that holds a dict, members in the shape's order, absent ones left out."""
    out = [f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{namespace}">']
    _encode_shape(value, shape, shapes, out)
    out.append(f"</{root}>")
    return "".join(out).encode()


def _encode_shape(value: Mapping[str, Any], shape: str, shapes: Shapes, out: list[str]) -> None:
    for member in shapes[shape]:
        content = value.get(member.name)
        if content is None:
            continue
        out.append(f"<{member.name}>")
        if member.kind == "shape":
            _encode_shape(content, member.shape, shapes, out)
        elif member.kind == "list":
            for item in content:
                out.append(f"<{member.tag}>")
                if member.item_kind == "shape":
                    _encode_shape(item, member.shape, shapes, out)
                else:
                    out.append(_text(item))
                out.append(f"</{member.tag}>")
        else:
            out.append(_text(content))
        out.append(f"</{member.name}>")


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(str(value))
