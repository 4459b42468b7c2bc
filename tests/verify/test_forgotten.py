"""What was judged and forgotten on the way changes no report: the same evidence, judged with everything kept to the end."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from linkproof.verify.observe.live_port import LivePort
from linkproof.verify.replay import judge_again
from linkproof.verify.report.registry import FORMATS, produce
from linkproof.verify.survey.names import NameSurvey
from linkproof.verify.survey.resolvers import ResolverSurvey

from tests.verify.certificates import Authority
from tests.verify.edges import Edge, answer, endpoint
from tests.verify.servers import AddressBesideCname, Honest, Refuses, Silent
from tests.verify.world import PATIENT, SHORT, TARGET, World, expect, record

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
NAMES = [f"url{number}.example.test" for number in range(6)]


def wanted():
    return expect(
        *(record(id=f"{name}/click", name=f"{name}.") for name in NAMES),
        caa=[{"id": f"{name}/caa", "host": name, "cas": ["ca.test"]} for name in NAMES],
        endpoints=[endpoint(id=f"{name}/edge", host=name) for name in NAMES],
    )


def reports(folder):
    judged = judge_again(folder)
    return {name: produce(name, judged.result, judged.expectations, AT) for name in FORMATS}


async def _nothing_ahead(*_):
    """As a resolver whose answers are all judged at the end."""


@pytest.mark.parametrize("second", [Honest, Refuses, Silent, AddressBesideCname])
def test_no_report_shows_what_was_forgotten(tmp_path, monkeypatch, second):
    authority, folder = Authority(tmp_path), tmp_path / "evidence"
    with World(tmp_path, Honest, second) as world:
        resolver = world.add_resolver()
        for name in NAMES:
            for server in (world.first, world.second):
                server.set(f"{name}.", "CNAME", [TARGET])
            resolver.answers[f"{name}.", "CNAME"] = [TARGET]
        # one name is wrong at an authority, one at the resolver alone
        world.first.set(f"{NAMES[1]}.", "CNAME", ["old.vendor.test."])
        resolver.answers[f"{NAMES[2]}.", "CNAME"] = ["old.vendor.test."]
        Edge(world, authority.context("*.example.test"), https=answer(), http=answer())
        patience = SHORT if second is Silent else PATIENT
        live = world.verify(wanted(), ca=authority.file, save=folder, **patience)
    spared = reports(folder)
    settled = []
    monkeypatch.setattr(NameSurvey, "_spared", lambda _, placed, __, seen: settled.append(placed.record.id) or seen)
    monkeypatch.setattr(ResolverSurvey, "ask_ahead", _nothing_ahead)
    kept = reports(folder)
    assert live.verdict == "differs"
    assert settled or second is not Honest
    assert spared == kept


def test_nothing_that_is_forgotten_is_asked_for_again(tmp_path, monkeypatch):
    """It would cost packets: every name is asked about as often as where all answers are kept."""

    def counts(*, forgets):
        with World(tmp_path) as world:
            if not forgets:
                monkeypatch.setattr(LivePort, "forget", lambda *_: None)
            for server in (world.first, world.second):
                for name in NAMES:
                    server.set(f"{name}.", "CNAME", [TARGET])
            authority = Authority(tmp_path)
            Edge(world, authority.context("*.example.test"), https=answer(), http=answer())
            found = world.verify(wanted(), ca=authority.file, **PATIENT)
            asked = world.first.asked + world.second.asked + world.vendor.asked
        assert found.verdict == "proven"
        return {key: count for key, count in asked.items() if not key[0].startswith("lp")}

    assert counts(forgets=True) == counts(forgets=False)
