"""The verdict, the exit code and the published JSON."""

from __future__ import annotations

import subprocess
import sys

import jsonschema
import pytest
from linkproof.expectations.model import parse
from linkproof.verify.conclude.verdict import conclude
from linkproof.verify.observations.vantage import Vantage
from linkproof.verify.options import VerifyOptions
from linkproof.verify.report.document import json_schema
from linkproof.verify.result import Cell, CouldNotCheck, Finding
from linkproof.verify.rules.registry import RULES
from linkproof.verify.run import verify

from tests.verify.servers import Refuses
from tests.verify.world import CLICK, World, expect, record

VANTAGE = Vantage("authoritative", "ns1.example.test.", "192.0.2.1", "udp")


def cell(state, severity="error", until=None):
    finding = (
        Finding("dns.wrong-value", severity, "a", "a.", "A", "1", "2", VANTAGE, "why", "fix")
        if state in {"differs", "lagging"}
        else None
    )
    return Cell("a", VANTAGE, state, finding, until=until, reason="blocked" if state == "could-not-check" else "")


def verdict(*cells, unknown=(), strict=False):
    return conclude(cells, unknown, strict=strict, places={}, timing={}).verdict


def test_the_worst_that_holds_decides():
    from datetime import UTC, datetime

    lagging = cell("lagging", until=datetime.now(UTC))
    right, differs, unchecked = cell("right"), cell("differs"), cell("could-not-check")
    assert verdict(right) == "proven"
    assert verdict(right, lagging) == "lagging"
    assert verdict(right, lagging, unchecked) == "not-proven"
    assert verdict(right, lagging, unchecked, differs) == "differs"
    assert verdict(right, unknown=[CouldNotCheck("x", None, "pending")]) == "not-proven"
    assert verdict() == "not-proven"
    assert verdict(cell("optional")) == "not-proven", "what is optional proves nothing"


@pytest.mark.parametrize("parts", [{}, {"zones": [{"id": "z", "name": "example.test."}]}])
def test_nothing_declared_is_never_proven(parts):
    result = verify(parse({"version": 1, **parts}), VerifyOptions())
    assert (result.verdict, result.exit_code) == ("not-proven", 3)
    assert "nothing to prove" in result.could_not_check[0].reason


def test_anything_pending_makes_it_not_proven(tmp_path):
    with World(tmp_path) as world:
        result = world.verify(expect(pending=[{"id": "promo/edge", "reason": "known only after deployment"}]))
    assert (result.exit_code, result.could_not_check) == (
        3,
        (CouldNotCheck("promo/edge", None, "known only after deployment"),),
    )


def test_the_json_has_the_published_shape(tmp_path):
    text = {"type": "string"}
    vantage = {
        "type": "object",
        "properties": dict.fromkeys(["kind", "server", "address", "transport"], text),
        "required": ["kind", "server", "address", "transport"],
        "additionalProperties": False,
    }
    keys = ["rule", "id", "name", "type", "expected", "observed", "why", "fix", "place", "reproduce"]
    finding = {
        "type": "object",
        "properties": {
            **dict.fromkeys(keys, text),
            "severity": {"enum": ["error", "warning"]},
            "affects": {"type": "array", "items": text},
            "vantage": vantage,
        },
        "required": [*keys, "severity", "affects", "vantage"],
        "additionalProperties": False,
    }
    schema = {
        "type": "object",
        "properties": {
            "version": {"const": 1},
            "verdict": {"enum": ["proven", "differs", "not-proven", "lagging"]},
            "findings": {"type": "array", "items": finding, "minItems": 1},
            "lagging": {"type": "array"},
            "could_not_check": {"type": "array"},
            "limits": {"type": "array"},
            "certificates": {"type": "array", "items": {"type": "object", "required": ["id", "host", "not_after"]}},
            "coverage": {
                "type": "object",
                "required": ["cells", "checked", "could_not_check"],
                "additionalProperties": {"type": "integer"},
            },
            "timing": {"type": "object", "additionalProperties": {"type": "number"}},
        },
        "required": [
            "version",
            "verdict",
            "findings",
            "lagging",
            "could_not_check",
            "coverage",
            "certificates",
            "timing",
        ],
        "additionalProperties": False,
    }
    with World(tmp_path, second=Refuses) as world:
        jsonschema.validate(world.verify().to_json(), schema)


def test_a_place_is_the_nearest_enclosing_key(tmp_path):
    with World(tmp_path) as world:
        world.first.set(CLICK, "CNAME", ["old.vendor.test."])
        exact = world.verify(places={"links.link.click_host": "s.yaml:4:7", "links.link": "s.yaml:3:3"})
        near = world.verify(expect(record(path="links.link.click_host")), places={"links.link": "s.yaml:3:3"})
        none = world.verify()
    assert [result.findings[0].place for result in (exact, near, none)] == ["s.yaml:4:7", "s.yaml:3:3", ""]


def test_every_rule_says_what_it_means_and_what_to_do():
    for rule_id, rule in RULES.items():
        assert rule.id == rule_id
        assert rule_id.partition(".")[0] in {"dns", "tls", "http", "app", "clock"}
        assert all((rule.meaning, rule.detection, rule.fix, rule.source))


def test_importing_the_verifier_is_cheap_and_loads_no_engine():
    program = "import sys, linkproof.verify.run, linkproof.verify.options; print(' '.join(sorted(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"pulumi", "dns", "cryptography", "httpx", "rich", "pydantic", "asyncio", "yaml"} & {
        name.partition(".")[0] for name in loaded
    }


def test_running_the_verifier_loads_no_engine():
    program = "import sys, linkproof.verify.survey, linkproof.verify.report.text, linkproof.expectations.model; print(' '.join(sorted(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {
        name
        for name in loaded
        if name.startswith(("pulumi", "linkproof_lab", "linkproof.plan", "linkproof.declaration"))
    }


def test_a_silent_resolver_is_one_finding_that_lists_what_it_hides():
    resolver = Vantage("resolver", "192.0.2.53:53", "192.0.2.53", "udp")
    silent = [
        Cell(
            name,
            resolver,
            "differs",
            Finding("dns.timeout", "error", name, f"{name}.", "A", "1", "-", resolver, "why", "fix"),
        )
        for name in ("a", "b")
    ]
    (found,) = conclude([*silent, cell("right")], (), strict=False, places={}, timing={}).findings
    assert found.affects == ("a", "b")
    other = cell("differs")
    assert len(conclude([*silent, other], (), strict=False, places={}, timing={}).findings) == 2


def test_the_document_says_how_far_the_verdict_goes():
    """As the text report does: a reason at a time, with what it is about."""
    edge = Vantage("edge", "every edge", "", "https")
    unseen = [
        Cell(one, edge, "optional", reason=reason) for one, reason in (("b", "one"), ("a", "one"), ("links", "two"))
    ]
    result = conclude([cell("right"), *unseen], (), strict=False, places={}, timing={})
    assert result.verdict == "proven"
    assert result.to_json()["limits"] == [{"reason": "one", "ids": ["a", "b"]}, {"reason": "two", "ids": ["links"]}]
    jsonschema.validate(result.to_json(), json_schema())
