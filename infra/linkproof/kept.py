"""What adopted resources keep as it was found: `adopted/<stack>.yaml` beside the declaration, written by `linkproof adopt` and committed like a declaration.

A property that is named there is the vendor's: no deployment changes it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linkproof.errors import LinkproofError
from linkproof.rdata import plain, unquoted

if TYPE_CHECKING:
    import pulumi

# Names a file in place of the stack's own: `linkproof adopt` tries one before it writes it.
VARIABLE = "LINKPROOF_KEPT"
VERSION = 1
Key = tuple[str, str]
_HEAD = (
    "# What exists was taken over with these properties as they were found: no deployment changes them.\n"
    "# Written by `linkproof adopt`; commit it. Without a line here the next `pulumi up` sets what is declared.\n"
)


class KeptFileError(LinkproofError):
    """The file cannot be understood."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(f"{file}: {why}", "correct it, or let `linkproof adopt` write it anew")


@dataclass(frozen=True, slots=True)
class Kept:
    """By the engine type and the name of a resource.

    Args:
        paths: of the properties that no deployment changes.
        spelled: values of a property as they were found; one that means the same is written so, another as it is declared.
    """

    paths: Mapping[Key, tuple[str, ...]] = field(default_factory=dict)
    spelled: Mapping[Key, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    def of(self, rtype: str, name: str) -> tuple[str, ...]:
        return self.paths.get((rtype, name), ())

    def with_more(self, more: Iterable[tuple[str, str, str]]) -> Kept:
        """The same with more of type, name and path."""
        found = {key: list(paths) for key, paths in self.paths.items()}
        for rtype, name, path in more:
            mine = found.setdefault((rtype, name), [])
            if path not in mine:
                mine.append(path)
        return replace(self, paths={key: tuple(sorted(paths)) for key, paths in found.items()})

    def with_spelling(self, rtype: str, name: str, path: str, values: Iterable[str]) -> Kept:
        mine = {**self.spelled.get((rtype, name), {}), path: tuple(values)}
        return replace(self, spelled={**self.spelled, (rtype, name): mine})


def kept_file(declaration: Path, stack: str) -> Path:
    """The stack's own, in a folder beside its declaration."""
    return declaration.parent / "adopted" / f"{stack}.yaml"


def file_for_program(declaration: Path, stack: str) -> Path:
    """The one that a program of the stack goes by."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else kept_file(declaration, stack)


def read_kept(file: Path) -> Kept:
    """Nothing where there is no file.

    Raises:
        KeptFileError: it is not of this form.
    """
    import yaml

    try:
        text = file.read_text()
    except FileNotFoundError:
        return Kept()
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise KeptFileError(file, f"not YAML: {error}") from error
    if (
        not isinstance(document, dict)
        or document.get("version") != VERSION
        or set(document) - {"version", "keep", "spelled"}
    ):
        raise KeptFileError(file, f"not a file of version {VERSION}")
    keep = {key: _texts(found, file, key) for key, found in _entries(document, "keep", file)}
    spelled = {}
    for key, found in _entries(document, "spelled", file):
        if not isinstance(found, dict):
            raise KeptFileError(file, f"spelled.{key[0]}.{key[1]}: not a map of properties")
        spelled[key] = {str(path): _texts(values, file, key) for path, values in found.items()}
    return Kept(keep, spelled)


def _entries(document: dict[str, Any], part: str, file: Path) -> Iterator[tuple[Key, Any]]:
    types = document.get(part) or {}
    if not isinstance(types, dict) or not all(isinstance(names, dict) for names in types.values()):
        raise KeptFileError(file, f"{part}: not a map of engine types to resource names")
    for rtype, names in types.items():
        for name, found in names.items():
            yield (str(rtype), str(name)), found


def _texts(found: Any, file: Path, key: Key) -> tuple[str, ...]:
    if not isinstance(found, list) or not all(isinstance(one, str) and one for one in found):
        raise KeptFileError(file, f"{key[0]}.{key[1]}: not a list of texts")
    return tuple(found)


def write_kept(file: Path, kept: Kept) -> None:
    """In one piece, in the order of types and names: the same content is the same file."""
    import yaml

    document: dict[str, Any] = {"version": VERSION, "keep": {}, "spelled": {}}
    for (rtype, name), paths in sorted(kept.paths.items()):
        document["keep"].setdefault(rtype, {})[name] = list(paths)
    for (rtype, name), values in sorted(kept.spelled.items()):
        found = {path: list(texts) for path, texts in sorted(values.items())}
        document["spelled"].setdefault(rtype, {})[name] = found
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.new")
    text = yaml.safe_dump(
        {key: part for key, part in document.items() if part}, sort_keys=False, allow_unicode=True, width=120
    )
    fresh.write_text(_HEAD + text)
    fresh.replace(file)


def is_trial() -> bool:
    """Whether this program runs on the copy on which adopting is tried."""
    return VARIABLE in os.environ


def keep_as_found(kept: Kept, *, trial: bool) -> None:
    """Let the engine leave these properties alone, of every resource that this program registers from here on.

    Args:
        trial: protect nothing, for a preview fails at the first protected resource that it would replace, and shows no other.
    """
    if not kept.paths and not kept.spelled and not trial:
        return
    import pulumi

    def transform(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        key = (args.type_, args.name)
        paths, spelled = kept.paths.get(key, ()), kept.spelled.get(key, {})
        if not paths and not spelled and not trial:
            return None
        props = dict(args.props)
        for name, found in spelled.items():
            if props.get(name) is not None:
                props[name] = pulumi.Output.from_input(props[name]).apply(partial(as_found, found=found))
        more = pulumi.ResourceOptions(ignore_changes=list(paths), protect=False if trial else None)
        opts = pulumi.ResourceOptions.merge(args.opts, more)
        return pulumi.ResourceTransformationResult(props, opts)

    pulumi.runtime.register_stack_transformation(transform)


def as_found(declared: Any, found: tuple[str, ...]) -> Any:
    """Texts as they were found, where they mean the same: a name with its last dot or without, in either case; a text with its marks or without."""
    if isinstance(declared, list):
        return [as_found(text, found) for text in declared]
    if not isinstance(declared, str):
        return declared
    return next((text for text in found if _same(declared, text)), declared)


def _same(one: str, other: str) -> bool:
    if '"' in (one[:1], other[:1]):
        return unquoted(one) == unquoted(other)
    return plain(one) == plain(other)
