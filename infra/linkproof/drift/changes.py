"""Two sides of one resource, property by property, without what its vendor's plug-in knows to be no difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from linkproof import registry
from linkproof.contract.drift import Noise
from linkproof.engine.values import at, shown

OUTPUTS: Final = "outputs."
_SHOWN: Final = 160


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
            yield path, shown(before, _SHOWN), shown(after, _SHOWN)


def changed_outputs(rtype: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The same of what the vendor says beyond the inputs: no exit code tells of it."""
    before, after = old.get("outputs") or {}, new.get("outputs") or {}
    inputs = new.get("inputs") or {}
    for name in sorted({*before, *after} - set(inputs)):
        if before.get(name) == after.get(name) or name.startswith("__"):
            continue
        if not _is_noise(rtype, f"{OUTPUTS}{name}", before, after, name):
            yield f"{OUTPUTS}{name}", shown(before.get(name), _SHOWN), shown(after.get(name), _SHOWN)


def _is_noise(rtype: str, path: str, old: Any, new: Any, inside: str) -> bool:
    for known in noise().get(rtype, ()):
        if path == known.path or path.startswith(f"{known.path}."):
            whole = inside if path == known.path else known.path.removeprefix(OUTPUTS)
            if known.same(at(old, whole), at(new, whole)):
                return True
    return False
