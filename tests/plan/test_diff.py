"""The difference of two plans, in words."""

from __future__ import annotations

from itertools import pairwise

from linkproof.contract.declared import Link
from linkproof.plan.build import build
from linkproof.plan.diff import changes_of_next_phase, diff_plans, next_phase

from tests.plan.declared import declared, link

HOST = "url1.example.net"


def steps(before: tuple[str, ...], after: tuple[str, ...]) -> list[tuple[str, str, str]]:
    return [(c.step, c.kind, c.what) for c in diff_plans(build(declared(*before)), build(declared(*after)))]


def test_nothing_changed_is_no_change() -> None:
    assert steps((link("a", HOST, "live"),), (link("a", HOST, "live"),)) == []


def test_a_renamed_key_is_no_change() -> None:
    assert steps((link("a", HOST, "live"),), (link("b", HOST, "live"),)) == []


def test_every_phase_step_updates_the_click_record_in_place_or_leaves_it() -> None:
    phases = ("branded", "ready", "live", "secured")
    for edge, host in (("aws", HOST), ("cf", "url1.example.com")):
        for one, other in pairwise(phases):
            for before, after in ((one, other), (other, one)):
                found = steps((link("a", host, before, edge),), (link("a", host, after, edge),))
                records = [(step, kind) for step, kind, what in found if what.startswith(f"{host}/CNAME")]
                assert records in ([], [("update", "record")])
                assert bool(records) is ({before, after} == {"ready", "live"})


def test_a_removed_link_deletes_its_own_records_and_keeps_the_shared_owner() -> None:
    both = (link("a", HOST, "branded"), link("b", "url2.example.net", "branded"))
    deleted = [what for step, kind, what in steps(both, both[:1]) if step == "delete" and kind == "record"]
    assert deleted == ["url2.example.net/CNAME → sendgrid.net."]


def _next(phase: str, edge: str | None = "aws") -> Link | None:
    declaration = declared(link("a", HOST, phase, edge))
    return next_phase(declaration.links["a"], declaration)


def test_the_next_phase_is_one_step_on() -> None:
    declaration = declared(link("a", HOST, "ready"))
    following = next_phase(declaration.links["a"], declaration)
    assert following is not None
    assert following.phase == "live"
    changes = [str(change) for change in changes_of_next_phase(declaration, declaration.links["a"])]
    moved = f"leads to <the domain of distribution {HOST}> in place of sendgrid.net."
    assert f"update record {HOST}/CNAME: {moved}" in changes


def test_the_last_phase_and_a_link_without_an_edge_have_no_next() -> None:
    assert _next("secured") is None
    assert _next("branded", None) is None


def test_a_managed_edge_knows_only_branded_and_secured() -> None:
    following = _next("branded", "managed")
    assert following is not None
    assert following.phase == "secured"
