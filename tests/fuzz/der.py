"""Changes to DER that keep it DER: a value changes, and the lengths around it follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from tests.fuzz.target import Blind

_CONSTRUCTED, _OCTET_STRING, _SEQUENCE = 0x20, 0x04, 0x30
_DEEPEST = 12


@dataclass
class Node:
    tag: int
    value: bytes
    children: list[Node] = field(default_factory=list)

    def encoded(self) -> bytes:
        content = b"".join(child.encoded() for child in self.children) if self.children else self.value
        if len(content) < 0x80:
            return bytes([self.tag, len(content)]) + content
        octets = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
        return bytes([self.tag, 0x80 | len(octets)]) + octets + content

    def all(self) -> list[Node]:
        return [self, *(found for child in self.children for found in child.all())]


def parse(data: bytes, depth: int = 0) -> list[Node] | None:
    """The values that stand one after the other; None where it is no DER, or deeper than any certificate."""
    found, at = [], 0
    while at < len(data):
        if at + 2 > len(data) or depth > _DEEPEST:
            return None
        tag, length, start = data[at], data[at + 1], at + 2
        if length & 0x80:
            count = length & 0x7F
            length, start = int.from_bytes(data[start : start + count], "big"), start + count
        if start + length > len(data):
            return None
        node = Node(tag, data[start : start + length])
        # extensions carry DER inside an octet string
        is_wrapped = tag == _OCTET_STRING and node.value[:1] == bytes([_SEQUENCE])
        if tag & _CONSTRUCTED or is_wrapped:
            node.children = parse(node.value, depth + 1) or []
        found.append(node)
        at = start + length
    return found


def change(data: bytes, random: Random, blind: Blind) -> bytes:
    nodes = parse(data)
    if not nodes:
        return blind(data, len(data) + 16)
    every = [one for node in nodes for one in node.all()]
    chosen = random.choice(every)
    if chosen.children and random.random() < 0.5:
        position = random.randrange(len(chosen.children))
        if random.random() < 0.5:
            chosen.children.insert(position, random.choice(random.choice(every).children or chosen.children))
        else:
            del chosen.children[position]
    elif random.random() < 0.1:
        chosen.tag = random.randrange(256)
    elif not chosen.children:
        chosen.value = blind(chosen.value, len(chosen.value) + 64)
    try:
        return b"".join(node.encoded() for node in nodes)
    except RecursionError:  # a value that was put inside itself
        return data
