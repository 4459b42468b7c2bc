"""What each format says of real runs, and that it is in the form its readers expect."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
from linkproof.verify.report.document import json_schema
from linkproof.verify.report.html import render as html
from linkproof.verify.report.markdown import MAX_CHARACTERS
from linkproof.verify.report.markdown import render as markdown
from linkproof.verify.report.prometheus import render as prometheus
from linkproof.verify.report.registry import FORMATS, produce
from linkproof.verify.report.sarif import render as sarif
from linkproof.verify.report.sarif_log import physical_location
from linkproof.verify.rules.registry import RULES

from tests.verify.certificates import Authority
from tests.verify.edges import Edge, answer, endpoint
from tests.verify.report.nasty import AT, result
from tests.verify.world import CLICK, World, expect, record

SCHEMA = Path(__file__).parent.parent.parent.parent / "schemas" / "verify.schema.json"
PLACES = {"links.link": "stacks/my links.yaml:4:3", "links.link.click_host": "stacks/my links.yaml:6:5"}


@pytest.fixture(scope="module")
def differs(tmp_path_factory):
    """A run with a finding at one server, a certificate, HTTP that is broken, and something pending."""
    folder = tmp_path_factory.mktemp("world")
    authority = Authority(folder)
    wanted = expect(
        record(),
        stack="prod",
        endpoints=[endpoint()],
        caa=[{"id": "link/caa", "path": "links.link", "host": "url.example.test", "cas": ["amazon.com"]}],
        pending=[{"id": "promo/edge", "reason": "known only after deployment"}],
    )
    with World(folder) as world:
        world.second.set(CLICK, "CNAME", ["old.vendor.test."])
        Edge(world, authority.context("url.example.test"), http=answer(200, b"<b>hello</b>"))
        found = world.verify(wanted, places=PLACES, ca=authority.file)
    return found, wanted


@pytest.fixture(scope="module")
def lagging(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    changed = AT - timedelta(seconds=10)
    wanted = expect(
        previous=[{"record": "link/click", "values": ["old.vendor.test."], "changed_at": changed.isoformat()}]
    )

    class Frozen:
        def now(self):
            return AT

        async def sleep(self, seconds):
            raise AssertionError

    with World(folder) as world:
        world.second.set(CLICK, "CNAME", ["old.vendor.test."])
        return world.verify(wanted, clock=Frozen(), places=PLACES), wanted


def test_the_published_schema_is_current_and_real_results_fit_it(differs, lagging):
    assert json.loads(SCHEMA.read_text()) == json_schema(), "write json_schema() to schemas/verify.schema.json"
    jsonschema.Draft202012Validator.check_schema(json_schema())
    for found, wanted in (differs, lagging):
        document = json.loads(produce("json", found, wanted, AT))
        jsonschema.validate(document, json_schema())
        assert document == found.to_json()
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**differs[0].to_json(), "verdict": "fine"}, json_schema())


def test_every_format_makes_something_of_an_empty_run():
    from linkproof.expectations.model import parse
    from linkproof.verify.options import VerifyOptions
    from linkproof.verify.run import verify

    nothing = parse({"version": 1})
    found = verify(nothing, VerifyOptions())
    for name in FORMATS:
        assert produce(name, found, nothing, AT).endswith("\n")


def test_sarif_shows_a_finding_on_its_line(differs):
    found, wanted = differs
    document = json.loads(sarif(found, wanted, AT))
    assert (document["version"], len(document["runs"])) == ("2.1.0", 1)
    run = document["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        assert {"id", "shortDescription", "fullDescription", "help", "defaultConfiguration"} <= set(rule)
        assert RULES[rule["id"]].fix.rstrip(".")[1:] in rule["help"]["text"]
    for item in run["results"]:
        assert rules[item["ruleIndex"]]["id"] == item["ruleId"]
        assert item["level"] in {"error", "warning", "note"}
        assert item["message"]["text"]
        region = item["locations"][0]["physicalLocation"]["region"]
        assert region["startLine"] >= 1
        assert region["startColumn"] >= 1
    wrong = next(item for item in run["results"] if item["ruleId"] == "dns.wrong-value")
    physical = wrong["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"] == {"uri": "stacks/my%20links.yaml", "uriBaseId": "%SRCROOT%"}
    assert physical["region"] == {"startLine": 6, "startColumn": 5}
    assert "kdig @127.61.3.2" in wrong["message"]["text"]
    assert wrong["level"] == "error"
    notes = run["invocations"][0]
    assert (notes["exitCode"], notes["executionSuccessful"], notes["endTimeUtc"]) == (1, True, "2026-11-22T10:00:00Z")
    assert any("promo/edge" in item["message"]["text"] for item in notes["toolExecutionNotifications"])


def test_a_lagging_answer_is_a_note_in_sarif(lagging):
    run = json.loads(sarif(*lagging, AT))["runs"][0]
    assert [(item["level"], item["kind"]) for item in run["results"]] == [("note", "fail")]
    assert "until 2026-11-22 10:00:50 UTC" in run["results"][0]["message"]["text"]


def test_a_fingerprint_outlives_the_line_and_the_wrong_value(tmp_path):
    prints = set()
    for value, line in (("old.vendor.test.", 6), ("other.vendor.test.", 9)):
        folder = tmp_path / value
        folder.mkdir()
        with World(folder) as world:
            world.second.set(CLICK, "CNAME", [value])
            found = world.verify(places={"links.link": f"stacks/x.yaml:{line}:1"})
        items = json.loads(sarif(found, expect(), AT))["runs"][0]["results"]
        prints |= {json.dumps(item["partialFingerprints"]) for item in items if item["ruleId"] == "dns.wrong-value"}
    assert len(prints) == 1


@pytest.mark.parametrize(
    ("place", "location"),
    [
        ("", None),
        ("stacks/x.yaml", None),
        ("x.yaml:a:b", None),
        ("./x.yaml:0:0", ("x.yaml", 1, 1)),
        ("a:b.yaml:3:4", ("a%3Ab.yaml", 3, 4)),
        ("/abs/x.yaml:3:4", ("file:///abs/x.yaml", 3, 4)),
    ],
)
def test_a_place_becomes_a_location(place, location):
    found = physical_location(place)
    assert location == (
        found and (found["artifactLocation"]["uri"], found["region"]["startLine"], found["region"]["startColumn"])
    )


def test_markdown_has_its_table_first_and_counts_what_it_cuts(differs):
    short = markdown(*differs, AT)
    assert short.index("| | expectation |") < short.index("<details>")
    assert "| differs | link/click: url.example.test. CNAME | ns2.example.test (127.61.3.2, udp) |" in short
    assert "kdig @127.61.3.2" in short
    assert "| not checked | promo/edge |" in short
    long = markdown(*many(400), AT)
    assert MAX_CHARACTERS - 5000 < len(long) <= MAX_CHARACTERS
    assert len(re.findall(r"(?m)^\| differs \|", long)) == 400
    details = len(re.findall("<details>", long))
    assert f"The details of {400 - details} more were cut" in long
    huge = markdown(*many(5000), AT)
    assert len(huge) <= MAX_CHARACTERS
    rows = len(re.findall(r"(?m)^\| differs \|", huge))
    assert f"{5000 - rows} more rows and all details were cut" in huge


def many(count):
    from dataclasses import replace

    found, wanted = result("a finding")
    findings = tuple(replace(found.findings[0], id=f"link{number}/click") for number in range(count))
    return replace(found, findings=findings, lagging=(), could_not_check=()), wanted


def test_prometheus_says_what_is_ok_until_when_and_how_fast(differs):
    found, wanted = differs
    lines = prometheus(found, wanted, AT).splitlines()
    assert 'linkproof_verdict{stack="prod",verdict="differs"} 1.0' in lines
    assert 'linkproof_verdict{stack="prod",verdict="proven"} 0.0' in lines
    ok = {
        line.split('id="')[1].split('"')[0]: float(line.rpartition(" ")[2])
        for line in lines
        if line.startswith("linkproof_expectation_ok")
    }
    assert ok == {"zone/example.test": 1, "link/click": 0, "link/caa": 1, "link/edge": 0, "promo/edge": 0}
    (expiry,) = [line for line in lines if line.startswith("linkproof_certificate_expiry_seconds")]
    soonest = min(cell.not_after for cell in found.cells if cell.not_after)
    assert float(expiry.rpartition(" ")[2]) == soonest.timestamp()
    assert [line for line in lines if line.startswith("linkproof_answer_seconds") and 'kind="authoritative"' in line]
    assert [line for line in lines if line.startswith("linkproof_answer_seconds") and 'transport="tls"' in line]
    (last,) = [line for line in lines if line.startswith('linkproof_last_run_timestamp_seconds{stack="prod"} ')]
    assert float(last.rpartition(" ")[2]) == AT.timestamp()
    names = {line.partition("{")[0] for line in lines if not line.startswith("#")}
    for name in names:
        assert sum(line.startswith(f"# TYPE {name} gauge") for line in lines) == 1
        assert sum(line.startswith(f"# HELP {name} ") for line in lines) == 1


def test_the_page_shows_what_each_vantage_answered(differs):
    page = html(*differs, AT)
    assert "old.vendor.test." in page
    assert "kdig @127.61.3.2" in page
    assert "&lt;b&gt;hello&lt;/b&gt;" in page, "the body of the HTTP answer is evidence"
    assert "issued by" in page
    assert "stacks/my links.yaml:6:5" in page


def test_the_page_loads_nothing_and_names_itself(differs):
    page = html(*differs, AT)
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert "default-src 'none'; style-src 'sha256-" in page
    assert "<title>differs: linkproof prod</title>" in page
    assert not re.search(r"""(?i)\b(?:src|href|action|data)\s*=(?!"#[a-z0-9]+")|url\(|@import""", page)
    assert 'scope="col"' in page
    assert 'scope="row"' in page
    assert len(re.findall('<button[^>]* aria-pressed="true"', page)) == 1
    assert re.search(r'class="scroll" role="region" aria-labelledby="matrix" tabindex="0"', page)


def test_the_colours_of_the_page_can_be_read():
    style = (Path(html.__code__.co_filename).parent / "page.css").read_text()
    blocks = re.findall(r"\{([^{}]*--page:[^{}]*)\}", style)
    assert len(blocks) == 2, "light and dark"
    for block in blocks:
        colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
        for name in ("ink", "faint", "differs", "not-checked", "lagging", "warning", "right", "optional"):
            for ground in ("page", "panel"):
                assert contrast(colours[name], colours[ground]) >= 4.5, (name, ground)
        assert contrast(colours["focus"], colours["page"]) >= 3


def contrast(first: str, second: str) -> float:
    """WCAG 2.2, relative luminance."""

    def luminance(colour: str) -> float:
        parts = [int(colour[position : position + 2], 16) / 255 for position in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
