"""What the next deployment would change at what was taken over: by the preview, for the import itself compares nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from linkproof import registry
from linkproof.contract.adopt import Meaning, PluginAdopt
from linkproof.engine.previewed import UNKNOWN
from linkproof.engine.values import NOTHING, at, shown

Kind = Literal["update", "replace", "delete"]
_REPLACEMENTS = ("replace", "create-replacement", "delete-replaced")
_DELETIONS = ("delete", "discard-replaced")
# The engine's own instances, components and the history: no vendor has anything of it.
_OF_NO_VENDOR = ("pulumi:", "linkproof:")
_SHOWN = 72


@dataclass(frozen=True, slots=True)
class Difference:
    """One property of one resource, or a whole resource that would go.

    Args:
        path: of the property; empty where the whole resource would go.
        declared: and `live`, for people.
        effect: what the change does to clicks.
        line: to write into the declaration so that nothing changes; empty where no key says it.
        is_unnoticed: no click can tell: it is left as it was found.
        spelling: the live values, where they mean the same as the declared ones; empty where they do not.
        is_late: the declared value is known only after deployment, and may then be the live one.
        can_be_kept: whether it can stay as it was found while the rest is deployed.
    """

    type: str
    name: str
    kind: Kind
    path: str
    declared: str
    live: str
    effect: str
    line: str
    is_unnoticed: bool
    spelling: tuple[str, ...] = ()
    is_late: bool = False
    can_be_kept: bool = True

    def to_json(self) -> dict[str, str]:
        return {
            "resource": self.name,
            "type": self.type,
            "change": self.kind,
            "property": self.path,
            "declared": self.declared,
            "live": self.live,
            "effect": self.effect,
            "line": self.line,
        }


def differences(steps: Iterable[dict[str, Any]]) -> list[Difference]:
    """Of all steps of a preview, each once, in its order."""
    found: dict[tuple[str, str, str], Difference] = {}
    for step in steps:
        rtype, name = _identity(step)
        if rtype.startswith(_OF_NO_VENDOR):
            continue
        for one in _of_step(step, rtype, name):
            found.setdefault((one.type, one.name, one.path), one)
    return list(found.values())


def _of_step(step: dict[str, Any], rtype: str, name: str) -> Iterator[Difference]:
    op = step.get("op")
    if op in _DELETIONS:
        yield Difference(
            rtype, name, "delete", "", NOTHING, "this object", "it is deleted at the vendor", "", is_unnoticed=False
        )
        return
    if op != "update" and op not in _REPLACEMENTS:
        return
    kind: Kind = "update" if op == "update" else "replace"
    old = (step.get("oldState") or {}).get("inputs") or {}
    new = (step.get("newState") or {}).get("inputs") or {}
    paths = dict.fromkeys(_whole(path, rtype) for path in _paths(step))
    for path in paths or {"": None}:
        meaning = _meaning(rtype, path)
        live = shown(at(old, path), _SHOWN) if path else "this object"
        declared = shown(at(new, path), _SHOWN) if path else "a new one"
        effect = meaning.effect if kind == "update" else f"{meaning.effect}; the object is replaced"
        plugin = _plugins().get(rtype)
        unnoticed = bool(path) and plugin is not None and plugin.unnoticed(rtype, path, new, old)
        yield Difference(
            rtype,
            name,
            kind,
            path,
            declared,
            live,
            effect,
            meaning.line.format(live=live),
            is_unnoticed=unnoticed,
            is_late=UNKNOWN in json.dumps(at(new, path)),
            spelling=_spelling(plugin, rtype, path, new, old),
            can_be_kept=meaning.can_be_kept,
        )


def _spelling(
    plugin: PluginAdopt | None, rtype: str, path: str, new: dict[str, Any], old: dict[str, Any]
) -> tuple[str, ...]:
    declared, live = at(new, path), at(old, path)
    if plugin is None or not isinstance(live, list | str) or not plugin.same(rtype, path, declared, live):
        return ()
    return (live,) if isinstance(live, str) else tuple(str(value) for value in live)


def _identity(step: dict[str, Any]) -> tuple[str, str]:
    _, _, types, name = str(step["urn"]).split("::", 3)
    return types.rpartition("$")[2], name


def _paths(step: dict[str, Any]) -> list[str]:
    detailed = step.get("detailedDiff")
    if detailed:
        return list(detailed)
    return [*(step.get("replaceReasons") or ()), *(step.get("diffReasons") or ())]


def _whole(path: str, rtype: str) -> str:
    """The path of what means something as a whole: of `origins[0].originId`, `origins`."""
    plain = path.partition("[")[0]
    known = [one for one in _meanings(rtype) if plain == one or plain.startswith(f"{one}.")]
    if known:
        return max(known, key=len)
    # keys of a map (tags) are properties of what the map says; those of an object have a meaning each
    return plain.partition(".")[0] if "." in plain and not _is_known_below(plain, rtype) else plain


def _is_known_below(path: str, rtype: str) -> bool:
    head = path.partition(".")[0]
    return any(one.startswith(f"{head}.") for one in _meanings(rtype))


@cache
def _plugins() -> dict[str, PluginAdopt]:
    """By engine type of what they know the meaning of."""
    found = {}
    for plugin in registry.plugins():
        if plugin.adopt is not None:
            found.update(dict.fromkeys(plugin.adopt.MEANINGS, plugin.adopt))
    return found


def _meanings(rtype: str) -> dict[str, Meaning]:
    plugin = _plugins().get(rtype)
    return dict(plugin.MEANINGS.get(rtype) or {}) if plugin is not None else {}


def _meaning(rtype: str, path: str) -> Meaning:
    return _meanings(rtype).get(path) or Meaning("not known")
