"""State of Terraform or OpenTofu, as `show -json` writes it. Each plug-in reads its own resources (`terraform.py`); nothing else is looked at."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from linkproof import registry
from linkproof.contract.seen import SeenEdge, SeenRecord, SeenZone, TerraformReader
from linkproof.discover.read import MOST_RECORDS, SourceFileError, read_text
from linkproof.show import show

MOST_MODULES_DEEP: Final = 64
_FIX: Final = (
    "run `terraform show -json > FILE` (or `tofu show -json`) in the configuration's folder and give that file"
)


def read_terraform(file: Path) -> tuple[tuple[SeenZone, ...], tuple[SeenEdge, ...]]:
    """The zones with their records, and the edges.

    A record whose zone the state has not stands in a zone without a name, by its id.

    Raises:
        SourceFileError: it cannot be read, or is something else.
    """
    readers = _readers()
    zones: dict[tuple[str, str], SeenZone] = {}
    records: defaultdict[tuple[str, str], list[SeenRecord]] = defaultdict(list)
    edges: list[SeenEdge] = []
    for number, resource in enumerate(_resources(_root(file), file)):
        if number > MOST_RECORDS:
            raise SourceFileError(str(file), f"more than {MOST_RECORDS:,} resources", "give a part of the state")
        kind, values = resource.get("type"), resource.get("values")
        reader = readers.get(kind) if isinstance(kind, str) else None
        if reader is None or not isinstance(values, dict):
            continue
        plugin, read = reader
        address = resource.get("address")
        where = address if isinstance(address, str) else str(kind)
        try:
            found = read(values, f"{file} ({where})")
        except ValueError as error:  # no value is shown: any of them may be a secret
            fix = "correct it in the state, or give a state that its provider wrote"
            raise SourceFileError(str(file), f"{show(where)}: {error}", fix) from error
        match found:
            case SeenZone():
                zones.setdefault((plugin, found.id), replace(found, dns=plugin, source=f"{file}"))
            case SeenRecord():
                records[plugin, found.zone_id].append(found)
            case SeenEdge():
                edges.append(found)
    for key in records:
        zones.setdefault(key, SeenZone("", str(file), key[0], key[1]))
    # a zone that two resources hold, or that a data source shows as well, is one
    return tuple(zone.with_records(records[key]) for key, zone in zones.items()), tuple(dict.fromkeys(edges))


def _readers() -> dict[str, tuple[str, TerraformReader]]:
    plugins: list[registry.Plugin] = [*registry.dns_hosts(), *registry.edges()]
    return {
        kind: (plugin.name, reader)
        for plugin in plugins
        if (terraform := plugin.terraform) is not None
        for kind, reader in terraform.READERS.items()
    }


def _root(file: Path) -> Mapping[str, Any]:
    text = read_text(file)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise SourceFileError(f"{file}:{line}", "not JSON", _FIX) from error
    if not isinstance(document, dict):
        raise SourceFileError(str(file), "no state: it is not a JSON object", _FIX)
    if "planned_values" in document:
        raise SourceFileError(str(file), "a plan, which says what will be and not what is", _FIX)
    if "values" not in document and ("resources" in document or "lineage" in document):
        raise SourceFileError(str(file), "a state file in its internal form", _FIX)
    if not isinstance(document.get("format_version"), str):
        raise SourceFileError(str(file), "no state: it has no `format_version`", _FIX)
    if document["format_version"].partition(".")[0] not in {"0", "1"}:
        raise SourceFileError(str(file), f"format_version {show(document['format_version'])} is not known", _FIX)
    values = document.get("values")  # a state without resources has none
    root = values.get("root_module") if isinstance(values, dict) else None
    return root if isinstance(root, dict) else {}


def _resources(root: Mapping[str, Any], file: Path) -> Iterator[Mapping[str, Any]]:
    waiting: list[tuple[Any, int]] = [(root, 0)]
    while waiting:
        module, depth = waiting.pop()
        if depth > MOST_MODULES_DEEP:
            raise SourceFileError(
                str(file), f"modules nested deeper than {MOST_MODULES_DEEP}", "give a part of the state"
            )
        if not isinstance(module, dict):
            continue
        for resource in module.get("resources") or ():
            if isinstance(resource, dict):
                yield resource
        children = module.get("child_modules") or []
        waiting += [(child, depth + 1) for child in reversed(children)] if isinstance(children, list) else []
