"""The stack's outputs: the stable facts of the expectations, and the links for people and for `guard`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
from linkproof.expectations.model import json_schema, parse

from tests.program.declarations import COM, NET, link, text
from tests.program.recorded import run

REPOSITORY = Path(__file__).resolve().parents[2]


def exported(file: Path) -> dict[str, Any]:
    return run(file).outputs


def test_the_lab_s_own_declaration_exports_expectations_that_parse() -> None:
    outputs = exported(REPOSITORY / "stacks" / "dev.yaml")
    document = {**outputs["expectations"], "stack": "dev", "written_at": "2026-11-22T10:00:00Z"}
    found = parse(document)
    jsonschema.validate(json.loads(json.dumps(document)), json_schema())
    assert found.pending == (), "nothing is late once the deployment has finished"
    assert {record.id for record in found.records} >= {"newsletter/click", "newsletter/validation", "karte/host"}


def test_the_expectations_hold_no_time(tmp_path: Path) -> None:
    """A time would change every run, and every preview would show a change."""
    said = json.dumps(exported(REPOSITORY / "stacks" / "dev.yaml"))
    assert not re.search(r"\d{4}-\d{2}-\d{2}|written_at|changed_at|previous", said)
    one = text(link(NET, "live", "aws"), link(COM, "live", "cf", "two"))
    assert run(one, work=tmp_path).outputs == run(one, work=tmp_path).outputs


def test_the_links_say_their_phase_and_url(tmp_path: Path) -> None:
    outputs = run(
        text(
            link(NET, "secured", "aws"),
            link(COM, "live", "cf", "two"),
            link("url2.example.org", "branded", key="three", more=", in_use: false"),
        ),
        work=tmp_path,
    ).outputs
    assert outputs["links"]["one"] == {
        "phase": "secured", "click_host": NET, "owner_host": "1234567.example.net", "edge": "aws", "edge_provider": "cloudfront", "url": f"https://{NET}/",
    }  # fmt: skip
    assert outputs["links"]["two"]["url"] == f"http://{COM}/", "the sender writes http until the link is secured"
    assert outputs["links"]["three"]["phase"] == "branded"
    assert outputs["links"]["three"].get("edge") is None


def test_only_these_are_exported(tmp_path: Path) -> None:
    assert set(run(text(link(NET, "branded")), work=tmp_path).outputs) == {"expectations", "links"}
