"""What a worker is told: JSON text, and nothing that is a program."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linkproof.expectations.model import Expectations
    from linkproof.verify.options import VerifyOptions

# Of `VerifyOptions`: what is the same on every machine as it stands.
_PLAIN = (
    "dns_port",
    "http_port",
    "https_port",
    "wait_seconds",
    "strict",
    "timeout_seconds",
    "attempts",
    "control_address",
    "check_ranges",
)
# Files of the machine that asks for the work: their content goes along.
_FILES = ("hints", "ca")


@dataclass(frozen=True, slots=True)
class Job:
    """One shard from one vantage.

    Args:
        version: of the linkproof that asks for it.
        expectations: the whole, in the form of expectations.json.
        shard: `K/N`.
        vantage: by name.
        options: how to ask, as `options_to_tree` has them.
        places: declaration key → `file:line:column`.
    """

    version: str
    expectations: Mapping[str, Any]
    shard: str
    vantage: str
    options: Mapping[str, Any]
    places: Mapping[str, str]

    def to_text(self) -> str:
        names = ("version", "expectations", "shard", "vantage", "options", "places")
        return json.dumps({name: getattr(self, name) for name in names}, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> Job:
        return cls(**json.loads(text))


def expectations_to_tree(expectations: Expectations) -> dict[str, Any]:
    """The form of the file, without what is a default there."""
    tree: dict[str, Any] = expectations.model_dump(mode="json", exclude_defaults=True)
    return {"version": expectations.version, **tree}


def options_to_tree(options: VerifyOptions) -> dict[str, Any]:
    """All that a worker needs; a folder for evidence stays where it is.

    Raises:
        OSError: a file cannot be read.
    """
    tree: dict[str, Any] = {name: getattr(options, name) for name in _PLAIN}
    tree["resolvers"] = [str(resolver) for resolver in options.resolvers]
    files = {name: getattr(options, name) for name in _FILES}
    return tree | {name: path.read_text() for name, path in files.items() if path is not None}


@contextmanager
def options_from_tree(tree: Mapping[str, Any]) -> Iterator[VerifyOptions]:
    """The same options on this machine, their files in a folder that is gone afterwards."""
    from linkproof.verify.options import ResolverAddress, VerifyOptions

    given: dict[str, Any] = {name: tree[name] for name in _PLAIN}
    given["resolvers"] = tuple(ResolverAddress.parse(text) for text in tree["resolvers"])
    with TemporaryDirectory(prefix="linkproof-") as folder:
        for name in _FILES:
            if name in tree:
                given[name] = Path(folder) / name
                given[name].write_text(tree[name])
        yield VerifyOptions(**given)
