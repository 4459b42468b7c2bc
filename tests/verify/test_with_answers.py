"""A run that keeps no answers as text judges as one that does."""

from __future__ import annotations

from dataclasses import replace

from tests.verify.certificates import Authority
from tests.verify.edges import Edge, answer, endpoint
from tests.verify.world import PATIENT, World, expect, record

HOST = "url.example.test"


def test_without_answers_the_cells_are_the_same_but_for_their_texts(tmp_path):
    authority = Authority(tmp_path)
    expectations = expect(record(), record(id="wrong/click", values=["elsewhere.vendor.test."]), endpoints=[endpoint()])
    with World(tmp_path) as world:
        Edge(world, authority.context(HOST), https=answer(), http=answer())
        kept, spared = (
            world.verify(expectations, ca=authority.file, with_answers=wanted, **PATIENT) for wanted in (True, False)
        )
    assert kept.verdict == spared.verdict == "differs"
    assert [finding.to_json() for finding in kept.findings] == [finding.to_json() for finding in spared.findings]
    assert kept.coverage == spared.coverage
    assert any(cell.evidence for cell in kept.cells)
    assert not any(cell.evidence for cell in spared.cells)
    plain = [[replace(cell, evidence="", seconds=None) for cell in one.cells] for one in (kept, spared)]
    assert plain[0] == plain[1]
    assert [cell.seconds is None for cell in kept.cells] == [cell.seconds is None for cell in spared.cells]
