"""A zone as octoDNS writes it in YAML: by name below the zone, one record or a list of them.

The nodes are walked, never constructed: an alias stays a reference, a tag is refused, and each record has its line.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from linkproof import registry
from linkproof.contract.seen import BY_HAND, SeenRecord, SeenZone
from linkproof.discover.read import MOST_RECORDS, SourceFileError, read_text, wire, zone_name

# What a record has that says none.
DEFAULT_TTL_SECONDS: Final = 3600
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ALIASES: Final = frozenset({"ALIAS", "Route53Provider/ALIAS"})
# Keys by which one name leads to several places.
_ROUTED: Final = frozenset({"dynamic", "geo"})
_Fields = dict[str, Any]


def read_octodns(file: Path, named: str = "") -> SeenZone:
    """The zone with what leads somewhere.

    Args:
        named: the zone's name; where it is not given the file's own name says it, as in `example.com.yaml`.

    Raises:
        SourceFileError: it cannot be read, or is not what octoDNS reads.
    """
    name = zone_name(named or file.name.removesuffix(".yml").removesuffix(".yaml"), str(file))
    top = _composed(file)
    if top is None:
        return SeenZone(name, str(file))
    served_by = BY_HAND
    records: list[SeenRecord] = []
    for label, node in _items(top, file, "the file"):
        for one in node.value if isinstance(node, yaml.SequenceNode) else [node]:
            fields: _Fields = dict(_items(one, file, f"the record {label!r}"))
            record, proxied_by = _record(label, fields, name, file, one)
            served_by = proxied_by or served_by
            records += [] if record is None else [record]
        if len(records) > MOST_RECORDS:
            raise SourceFileError(str(file), f"more than {MOST_RECORDS:,} records", "give a part of the zone")
    return SeenZone(name, str(file), served_by, records=tuple(records))


def _composed(file: Path) -> Any:
    text = read_text(file)
    try:
        return yaml.compose(text, Loader=_LOADER)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{file}:{mark.line + 1}" if mark is not None else str(file)
        said = getattr(error, "problem", None) or type(error).__name__
        raise SourceFileError(place, f"not YAML: {said}", "give the file that octoDNS itself reads") from error


def _items(node: Any, file: Path, what: str) -> Iterator[tuple[str, Any]]:
    """The keys and nodes of a mapping.

    Raises:
        SourceFileError: it is none, or has keys that only a constructor could read.
    """
    place = f"{file}:{node.start_mark.line + 1}"
    if not isinstance(node, yaml.MappingNode) or _is_tagged(node):
        raise SourceFileError(
            place,
            f"{what} is no mapping",
            "octoDNS's `!include` and lists of zones are not read: give the zone in one file",
        )
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.tag == "tag:yaml.org,2002:merge":
            line = f"{file}:{key.start_mark.line + 1}"
            raise SourceFileError(line, "a merge key, or one that is no word, is not read here", "write the keys out")
        yield key.value, value


def _is_tagged(node: Any) -> bool:
    return not str(node.tag).startswith("tag:yaml.org,2002:")


def _record(label: str, fields: _Fields, zone: str, file: Path, node: Any) -> tuple[SeenRecord | None, str]:
    """The record, if it leads somewhere, and the DNS host that proxies it; empty where none does."""
    kind = _text(fields.get("type"))
    if kind != "CNAME" and kind not in _ALIASES:
        return None, ""
    values = fields.get("values")
    value = fields.get("value")
    if isinstance(values, yaml.SequenceNode) and len(values.value) == 1:
        value = values.value[0]
    target = _text(value)
    place = f"{file}:{node.start_mark.line + 1}"
    if not target:
        raise SourceFileError(place, f"the {kind} of {label!r} has not one value", "write one `value:`")
    ttl = _text(fields.get("ttl"))
    proxied_by = _proxied_by(fields.get("octodns"))
    doubt = "leads to several places by a rule, which cannot be declared" if _ROUTED & fields.keys() else ""
    name = wire(f"{label}.{zone}" if label else zone)
    seconds = int(ttl) if ttl.isdecimal() and len(ttl) < 11 else DEFAULT_TTL_SECONDS
    return SeenRecord(name, wire(target), seconds, kind in _ALIASES, bool(proxied_by), doubt), proxied_by


def _proxied_by(node: Any) -> str:
    """Of `octodns: {cloudflare: {proxied: true}}`, the DNS host."""
    if not isinstance(node, yaml.MappingNode):
        return ""
    for key, value in node.value:
        if key.value in registry.DNS and isinstance(value, yaml.MappingNode):
            for inner, flag in value.value:
                if inner.value == "proxied" and _text(flag).lower() in {"true", "yes", "on"}:
                    return str(key.value)
    return ""


def _text(node: Any) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) and not _is_tagged(node) else ""
