"""A zone that people write, from branded to live: what is printed, by whom, and when it is done."""

from __future__ import annotations

import subprocess

from tests.engine.sandbox import Sandbox, link


def declaration(phase: str) -> dict[str, object]:
    return {
        "zones": {"example.org": {"dns": "manual"}},
        "edges": {"aws": {"provider": "cloudfront"}},
        "links": {"one": link("url1.example.org", phase)},
    }


def test_records_of_a_manual_zone_are_printed_with_their_real_values_and_verify_says_when_they_are_there(
    fresh: Sandbox,
) -> None:
    fresh.stack("t", declaration("branded"))
    fresh.up("t")
    fresh.linkproof("lab", "publish", "t")
    fresh.declare("t", declaration("ready"))
    assert fresh.linkproof("lab", "publish", "t", code=3).stdout.count("not known yet: the validation name") == 1
    # the deployment waits for the certificate's record, which somebody else publishes
    person = subprocess.Popen(
        ["linkproof", "lab", "publish", "t", "--wait", "240"], cwd=fresh.root, env=fresh.environments["t"]
    )
    try:
        waited = fresh.up("t")
        assert person.wait(60) == 0
    finally:
        person.kill()
    assert "linkproof lab publish t" in waited.stdout
    fresh.declare("t", declaration("live"))
    told = fresh.pulumi("up", "--stack", "t", "--yes", "--skip-preview", "--suppress-outputs").stdout
    domain = next(r for r in fresh.state("t")["deployment"]["resources"] if r["type"].endswith(":Distribution"))["outputs"]["domainName"]  # fmt: skip
    line = f"url1.example.org. 300 IN CNAME {domain}."
    assert line in told
    assert line in fresh.linkproof("expectations", "t").stdout
    assert line not in fresh.linkproof("expectations", "t").stdout, "what did not change is only counted"
    assert line in fresh.linkproof("plan", "t").stdout
    code, document = fresh.verify("t")
    assert code == 1
    assert any(line in finding["fix"] for finding in document["findings"])
    assert f"published: {line}" in fresh.linkproof("lab", "publish", "t").stdout
    assert "by hand: 3 of 3 records published" in fresh.linkproof("verify", "t", "--wait", "60s").stdout


def test_the_lab_goes_on_while_another_stack_lives_in_it(fresh: Sandbox) -> None:
    fresh.stack("one", declaration("branded"))
    other = {"zones": {"example.info": {"dns": "route53", "id": "Z1"}}, "links": {"x": link("url1.example.info", "branded", None)}}  # fmt: skip
    fresh.stack("two", other)
    fresh.up("two")
    said = fresh.linkproof("lab", "down", "--unless-used", "one").stdout
    assert said == "lab: goes on, two lives in it\n"
    assert fresh.linkproof("lab", "status").returncode == 0
    assert fresh.linkproof("lab", "down", "--unless-used", "two").stdout == "lab: stopped\n"
