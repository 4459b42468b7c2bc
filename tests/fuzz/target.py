"""What a fuzzer and the replay of its corpus have in common: one target, its seeds, and how it is best changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from random import Random

CORPUS = Path(__file__).parent / "corpus"
# of one target: beyond it the largest finds of a run are left out, for they are kept for ever
MOST_OCTETS_OF_A_CORPUS = 400_000
# name → module with a `TARGET`; a plain dict, so that only the code of one target is loaded and instrumented
TARGETS = {
    "packet": "tests.fuzz.packet",
    "walk": "tests.fuzz.walk",
    "http": "tests.fuzz.http",
    "certificate": "tests.fuzz.certificate",
    "evidence": "tests.fuzz.evidence",
}
# changes octets at random; libFuzzer's own, or a simple one in a test
Blind = Callable[[bytes, int], bytes]


@dataclass(frozen=True)
class Target:
    """One way in for hostile input.

    Args:
        run: takes any octets; raises only when an invariant is broken.
        seeds: inputs by name that reach far, so that a run does not begin with noise.
        max_octets: of one input.
        change: a mutation that keeps the input's form, beside those of the fuzzer; None where octets have no form.
    """

    run: Callable[[bytes], None]
    seeds: Callable[[], Mapping[str, bytes]]
    max_octets: int
    change: Callable[[bytes, Random, Blind], bytes] | None = None


def load(name: str) -> Target:
    found = import_module(TARGETS[name]).TARGET
    assert isinstance(found, Target)
    return found


def kept(name: str) -> list[Path]:
    """The corpus of a target: what earlier runs found worth keeping, and whatever once broke an invariant."""
    return sorted((CORPUS / name).iterdir())
