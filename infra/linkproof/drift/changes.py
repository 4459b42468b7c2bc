"""Two sides of one resource, property by property, without what its vendor's plug-in knows to be no difference."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from linkproof import registry
from linkproof.contract.drift import Noise
from linkproof.engine.previewed import UNKNOWN

OUTPUTS: Final = "outputs."
_SHOWN: Final = 160
_NOTHING: Final = "nothing"


@cache
def noise() -> Mapping[str, tuple[Noise, ...]]:
    """All that is known to be no difference, by engine type."""
    found: dict[str, tuple[Noise, ...]] = {}
    for plugin in registry.plugins():
        if plugin.drift is not None:
            for rtype, known in plugin.drift.NOISE.items():
                found[rtype] = (*found.get(rtype, ()), *known)
    return found


def changed(
    rtype: str, paths: tuple[str, ...], old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[tuple[str, str, str]]:
    """Path, old and new value of each input that differs, in words; an element of a list is its list."""
    for path in dict.fromkeys(path.partition("[")[0] for path in paths):
        if not _is_noise(rtype, path, old.get("inputs") or {}, new.get("inputs") or {}, path):
            before, after = at(old.get("inputs"), path), at(new.get("inputs"), path)
            yield path, in_words(before), in_words(after)


def changed_outputs(rtype: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The same of what the vendor says beyond the inputs: no exit code tells of it."""
    before, after = old.get("outputs") or {}, new.get("outputs") or {}
    inputs = new.get("inputs") or {}
    for name in sorted({*before, *after} - set(inputs)):
        if before.get(name) == after.get(name) or name.startswith("__"):
            continue
        if not _is_noise(rtype, f"{OUTPUTS}{name}", before, after, name):
            yield f"{OUTPUTS}{name}", in_words(before.get(name)), in_words(after.get(name))


def _is_noise(rtype: str, path: str, old: Any, new: Any, inside: str) -> bool:
    for known in noise().get(rtype, ()):
        if path == known.path or path.startswith(f"{known.path}."):
            whole = inside if path == known.path else known.path.removeprefix(OUTPUTS)
            if known.same(at(old, whole), at(new, whole)):
                return True
    return False


def at(properties: Any, path: str) -> Any:
    """What stands at a dotted path; None where nothing does."""
    for part in path.split("."):
        properties = properties.get(part) if isinstance(properties, Mapping) else None
    return properties


def in_words(value: Any) -> str:
    """A value as a line shows it."""
    if value is None:
        return _NOTHING
    if value == UNKNOWN:
        return "known after deployment"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        value = value[0]
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    text = text.replace(UNKNOWN, "known after deployment")
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
