"""Fuzz one target: `python -m tests.fuzz.run TARGET FOLDER… -max_total_time=…` with atheris, see tools/fuzz.sh.

The first folder is where new inputs go. Every option is libFuzzer's.
"""

from __future__ import annotations

import sys
from random import Random

import atheris

# only what reads hostile input: instrumenting everything makes a run slower and no better
with atheris.instrument_imports(include=["linkproof.verify", "linkproof.expectations", "dns"]):
    from tests.fuzz.target import load

    name = sys.argv.pop(1)
    target = load(name)


def mutate(data: bytes, most_octets: int, seed: int) -> bytes:
    """Half of the time a change that keeps the form, where the target has one."""
    random = Random(seed)
    if target.change is not None and random.random() < 0.5:
        return target.change(data, random, atheris.Mutate)[:most_octets]
    changed = atheris.Mutate(data, most_octets)
    assert isinstance(changed, bytes)
    return changed


# for a merge libFuzzer starts this program again, by a shell and by its first argument
again = f"{sys.executable} -m tests.fuzz.run {name}"
atheris.Setup([again, *sys.argv[1:], f"-max_len={target.max_octets}"], target.run, custom_mutator=mutate)
atheris.Fuzz()
