"""Every name that the stack declares, holds, or ever published."""

from __future__ import annotations

from dataclasses import replace

from linkproof.contract.state import Resource, State
from linkproof.dangling.published import published
from linkproof.declaration.load import load_text
from linkproof.engine.state import record_types
from linkproof.history.keep import HISTORY_TYPE
from linkproof.plan.build import build

TEXT = """version: 1
zones:
  example.net: {dns: route53, id: Z0EXAMPLE}
edges:
  aws: {provider: cloudfront}
links:
  one: {sender: sendgrid, click_host: url1.example.net, owner_host: 1234567.example.net, edge: aws, phase: live}
"""
SERVED = (
    '{"values":["sendgrid.net."],"served":"as-declared","ttl_seconds":300,"propagation_seconds":60,"edge":null,'
    '"zone":"route53"}'
)
MOMENT = "2026-11-01T00:00:00Z"


def resource(rtype: str, name: str, **outputs: object) -> Resource:
    urn = f"urn:pulumi:dev::linkproof::{rtype}::{name}"
    return Resource(urn, rtype, "1", {}, dict(outputs), False, MOMENT, MOMENT)


def found(*resources: Resource) -> dict[str, tuple[bool, bool]]:
    loaded = load_text(TEXT, "stacks/dev.yaml")
    assert loaded.declaration is not None, loaded.problems
    state = State(resources, {}, (), record_types=tuple(record_types()))
    return {one.name: (one.is_declared, one.is_in_use) for one in published(build(loaded.declaration), state)}


DECLARED = {"url1.example.net": (True, True), "1234567.example.net": (True, False)}


def test_what_is_declared_and_leads_somewhere_is_asked_about() -> None:
    assert found() == DECLARED


def test_what_the_history_has_is_asked_about_though_nothing_declares_it() -> None:
    past = {"old.example.net/CNAME": [{"served": SERVED, "until": MOMENT}]}
    since = {
        "old.example.net/CNAME": MOMENT,
        "_linkproof.old.example.net/TXT": MOMENT,
        "url1.example.net/CNAME": MOMENT,
    }
    history = resource(HISTORY_TYPE, "records", records={}, past=past, since=since)
    assert found(history) == {**DECLARED, "old.example.net": (False, False)}


def test_what_the_state_still_holds_is_asked_about_without_a_history() -> None:
    record = resource("aws:route53/record:Record", "left.example.net/CNAME")
    assert found(record) == {**DECLARED, "left.example.net": (False, False)}


def test_a_declared_proof_is_nothing_that_is_declared_no_more() -> None:
    """Its target has a TXT and no address: taking it out would break mail."""
    loaded = load_text(TEXT, "stacks/dev.yaml")
    assert loaded.declaration is not None
    plan = build(loaded.declaration)
    record = next(one for one in plan.records if isinstance(one.name, str))
    proof = replace(record, resolve="none")
    of_proof = replace(plan, items=tuple(proof if one is record else one for one in plan.items))
    held = resource("aws:route53/record:Record", record.resource)
    state = State((held,), {}, (), record_types=tuple(record_types()))
    assert record.name in {one.name for one in published(plan, state)}
    assert record.name not in {one.name for one in published(of_proof, state)}
