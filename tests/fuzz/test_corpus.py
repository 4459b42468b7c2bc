"""Every input that a fuzzer ever found worth keeping goes through the same invariants again, without the fuzzer."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import der
from tests.fuzz.target import CORPUS, MOST_OCTETS_OF_A_CORPUS, TARGETS, kept, load


@pytest.mark.parametrize("name", TARGETS)
def test_the_corpus_breaks_nothing(name):
    target, inputs = load(name), kept(name)
    assert len(inputs) > len(target.seeds()), "a run of the fuzzer has added to the seeds"
    for file in inputs:
        data = file.read_bytes()
        assert len(data) <= target.max_octets, file.name
        try:
            target.run(data)
        except Exception as error:
            raise AssertionError(f"{name}/{file.name}") from error


@pytest.mark.parametrize("name", TARGETS)
def test_the_seeds_are_in_the_corpus_as_the_code_makes_them(name):
    seeds = load(name).seeds()
    assert seeds
    for seed, data in seeds.items():
        assert (CORPUS / name / seed).read_bytes() == data, f"run python -m tests.fuzz.keep seed {name}"


def test_the_corpus_stays_small_and_holds_nothing_else():
    assert {folder.name for folder in CORPUS.iterdir()} == set(TARGETS)
    for name in TARGETS:
        assert sum(file.stat().st_size for file in kept(name)) <= MOST_OCTETS_OF_A_CORPUS


def simple(data: bytes, most: int, random: Random) -> bytes:
    """A few octets changed, put in or taken away; what libFuzzer does with more patience."""
    content = bytearray(data)
    for _ in range(random.randint(1, 3)):
        at = random.randint(0, len(content))
        content[at : at + random.randint(0, 2)] = random.randbytes(random.randint(0, 2))
    return bytes(content[:most])


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_changed_inputs_break_nothing(name, data):
    target = load(name)
    base = data.draw(st.sampled_from(kept(name)).map(lambda file: file.read_bytes()))
    random = Random(data.draw(st.integers(0, 2**32)))
    if target.change is not None and data.draw(st.booleans()):
        changed = target.change(base, random, lambda octets, most: simple(octets, most, random))
    else:
        changed = simple(base, target.max_octets, random)
    target.run(changed[: target.max_octets])


@pytest.mark.parametrize("name", ["ec", "rsa", "other-names", "odd-issuer"])
def test_der_that_is_taken_apart_is_put_together_again(name):
    certificate = load("certificate").seeds()[name][1:]
    (node,) = der.parse(certificate)
    assert node.encoded() == certificate
    assert len(node.all()) > 30


def test_noise_is_no_der():
    assert der.parse(b"\x30\x7f\x00") is None
