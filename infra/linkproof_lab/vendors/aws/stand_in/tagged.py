"""Tags as the Query protocol takes and gives them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.etree import ElementTree as ET

from linkproof_lab.vendors.aws.stand_in import xml


def tag_fields(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for number, tag in enumerate(tags, 1):
        fields |= {f"Tags.member.{number}.{part}": tag[part] for part in ("Key", "Value")}
    return fields


def tags_in(element: ET.Element, path: str) -> list[dict[str, str]]:
    """Args:
    path: of each tag.
    """
    return [{part: xml.text(tag, part) for part in ("Key", "Value")} for tag in element.findall(path)]
