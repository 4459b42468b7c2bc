"""One step at a time: what a declaration may become."""

from __future__ import annotations

import itertools

import pytest
from linkproof.contract.declared import PHASES
from linkproof.declaration.model import Declaration
from linkproof.declaration.past import compare
from linkproof.declaration.rules import RULES

from tests.managed import read

HEAD = """\
version: 1
zones:
  example.net: {dns: route53, id: Z0EXAMPLE1}
edges:
  aws: {provider: cloudfront}
  aws2: {provider: cloudfront, account: other}
links:
"""


def _with(*links: str) -> Declaration:
    """Each link: `key host edge phase`; edge `-` is none, and `aws+` one before which the sender terminates HTTPS itself."""
    lines = []
    for link in links:
        key, host, edge, phase = link.split()
        written = (
            "" if edge == "-" else f"edge: {edge.removesuffix('+')}, " + ("own_https, " if edge.endswith("+") else "")
        )
        lines.append(
            f"  {key}: {{sender: sendgrid, click_host: {host}.example.net, owner_host: 1.example.net, {written}phase: {phase}}}\n"
        )
    return read(HEAD + "".join(lines))


def _rules(base: Declaration, head: Declaration) -> list[str]:
    return [problem.rule for problem in compare(base, head)]


@pytest.mark.parametrize(("before", "after"), list(itertools.product(PHASES, PHASES)))
def test_one_phase_step_at_a_time(before: str, after: str) -> None:
    far = abs(PHASES.index(before) - PHASES.index(after)) > 1  # type: ignore[arg-type]
    assert _rules(_with(f"a u1 aws {before}"), _with(f"a u1 aws {after}")) == (["past.phase-step"] if far else [])


def test_a_skipped_step_names_the_next_one_and_its_place() -> None:
    (problem,) = compare(_with("a u1 aws branded"), _with("a u1 aws live"))
    assert (problem.path, str(problem.place)) == ("links.a.phase", "test.yaml:8:91")
    assert "`phase: ready`" in problem.fix
    (back,) = compare(_with("a u1 aws secured"), _with("a u1 aws branded"))
    assert "`phase: live`" in back.fix


@pytest.mark.parametrize("phase", PHASES)
def test_a_link_leaves_only_from_branded(phase: str) -> None:
    base = _with(f"a u1 aws {phase}", "b u2 aws live")
    assert _rules(base, _with("b u2 aws live")) == ([] if phase == "branded" else ["past.leaves-only-branded"])


@pytest.mark.parametrize("phase", PHASES)
def test_a_new_link_may_start_anywhere(phase: str) -> None:
    assert _rules(_with("b u2 aws live"), _with("b u2 aws live", f"a u1 aws {phase}")) == []


def test_a_renamed_key_is_no_change() -> None:
    assert _rules(_with("a u1 aws live", "b u2 aws live"), _with("b u1 aws live", "a u2 aws live")) == []


def test_another_click_host_is_a_link_that_leaves() -> None:
    (problem,) = compare(_with("a u1 aws live"), _with("a u9 aws live"))
    assert (problem.rule, problem.path) == ("past.leaves-only-branded", "links.a.click_host")
    assert "u1.example.net" in problem.message
    assert "u9.example.net" in problem.message
    assert "ready → branded" in problem.fix
    assert _rules(_with("a u1 aws branded"), _with("a u9 aws live")) == []


@pytest.mark.parametrize(("before", "after"), list(itertools.product(PHASES, PHASES)))
def test_an_edge_changes_only_while_it_is_not_in_use(before: str, after: str) -> None:
    """`aws2` is another account's: CloudFront gives it the host only once the old distribution is gone, in branded."""
    idle = {before, after} <= {"branded", "ready"}
    rules = _rules(_with(f"a u1 aws {before}"), _with(f"a u1 aws2 {after}"))
    assert rules == ([] if idle and "branded" in (before, after) else ["past.edge-change"])


def test_an_edge_change_says_the_way_back() -> None:
    (problem,) = compare(_with("a u1 aws secured"), _with("a u1 aws2 secured"))
    assert problem.path == "links.a.edge"
    assert "live → ready" in problem.fix


def test_a_renamed_edge_key_is_no_change() -> None:
    base = _with("a u1 aws live")
    link = "  a: {sender: sendgrid, click_host: u1.example.net, owner_host: 1.example.net, edge: aws, phase: live}\n"
    assert _rules(base, read((HEAD + link).replace("aws", "cdn"))) == []


def test_a_branded_link_gets_its_first_edge_with_the_step_to_ready() -> None:
    assert _rules(_with("a u1 - branded"), _with("a u1 aws ready")) == []
    assert _rules(_with("a u1 - branded"), _with("a u1 aws live")) == ["past.phase-step"]


def test_a_managed_edge_knows_branded_and_secured() -> None:
    assert _rules(_with("a u1 managed branded"), _with("a u1 managed secured")) == []
    assert _rules(_with("a u1 managed secured"), _with("a u1 managed branded")) == []


@pytest.mark.parametrize("managed", ["branded", "secured"])
@pytest.mark.parametrize("idle", ["branded", "ready"])
def test_an_edge_is_got_ready_and_let_go_while_the_click_host_stays_at_the_sender_s_own(
    managed: str, idle: str
) -> None:
    assert _rules(_with(f"a u1 managed {managed}"), _with(f"a u1 aws+ {idle}")) == []
    assert _rules(_with(f"a u1 aws+ {idle}"), _with(f"a u1 managed {managed}")) == []


@pytest.mark.parametrize("phase", ["live", "secured"])
def test_between_the_sender_s_own_and_an_edge_in_use_ready_is_the_only_way(phase: str) -> None:
    to, back = _with(f"a u1 aws+ {phase}"), _with("a u1 managed secured")
    for base, head in ((back, to), (to, back)):
        (problem,) = compare(base, head)
        assert problem.rule == "past.edge-change"
        assert "ready" in problem.fix
    assert _rules(_with("a u1 aws+ ready"), _with("a u1 aws+ live")) == []
    assert _rules(_with("a u1 aws+ live"), _with("a u1 aws+ ready")) == []


@pytest.mark.parametrize(
    ("plain", "own"),
    [
        ("- branded", "managed secured"),
        ("- branded", "managed branded"),
        ("aws ready", "managed branded"),
        ("aws live", "aws+ live"),
        ("aws secured", "managed secured"),
    ],
)
def test_a_link_that_exists_neither_takes_up_nor_gives_up_auto_ssl(plain: str, own: str) -> None:
    for base, head, says in ((plain, own, "another click host"), (own, plain, "own_https")):
        (problem,) = compare(_with(f"a u1 {base}"), _with(f"a u1 {head}"))
        assert problem.rule == "past.own-https"
        assert says in problem.fix


def test_every_rule_of_the_past_is_explained() -> None:
    assert {rule for rule in RULES if rule.startswith("past.")} == {
        "past.phase-step",
        "past.leaves-only-branded",
        "past.edge-change",
        "past.zone-moves",
        "past.rulesets",
        "past.account",
        "past.own-https",
        "past.host-early",
        "past.host-taken-back",
    }


def test_an_edge_that_moves_under_its_own_name_is_told_by_what_differs() -> None:
    link = "  a: {sender: sendgrid, click_host: u1.example.net, owner_host: 1.example.net, edge: aws, phase: live}\n"
    moved = HEAD.replace("aws: {provider: cloudfront}", "aws: {provider: cloudfront, account: two}")
    (problem,) = compare(read(HEAD + link), read(moved + link))
    assert "from aws (cloudfront, account default) to aws (cloudfront, account two)" in problem.message


def _file(
    zone: str = "{dns: route53, id: Z0EXAMPLE1}", *, rulesets: str = "ours", host: str = "u1.example.net", **link: str
) -> Declaration:
    said = {
        "sender": "sendgrid",
        "click_host": host,
        "owner_host": "1.example.net",
        "edge": "aws",
        "phase": "live",
    } | link
    text = f"version: 1\nzones: {{example.net: {zone}, example.com: {{dns: cloudflare, id: {'0' * 32}}}}}\n"
    text += f"edges: {{aws: {{provider: cloudfront}}, cf: {{provider: cloudflare, rulesets: {rulesets}}}}}\n"
    text += "links: {a: {" + ", ".join(f"{key}: {value}" for key, value in said.items()) + "}}\n"
    return read(text)


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize(("zone", "severity"), [
    (f"{{dns: cloudflare, id: {'1' * 32}}}", "error"),
    ("{dns: route53, id: Z0OTHER}", "error"),
    ("{dns: route53, id: Z0EXAMPLE1, account: other}", "error"),
    ("{dns: manual}", "warning"),  # allowed once the state has let go of the records, which two files cannot tell
])  # fmt: skip
def test_a_zone_does_not_move_under_its_records(zone: str, severity: str, phase: str) -> None:
    (problem,) = compare(_file(phase=phase), _file(zone, phase=phase))
    assert (problem.rule, problem.path, problem.severity) == ("past.zone-moves", "zones.example.net", severity)
    assert "1.example.net, u1.example.net" in problem.message
    assert "`linkproof retire example.net --keep`" in problem.fix


def test_a_zone_that_people_write_may_go_anywhere() -> None:
    assert compare(_file("{dns: manual}"), _file()) == []
    assert compare(_file("{dns: route53, id: Z0EXAMPLE1, propagation_seconds: 90}"), _file()) == []


@pytest.mark.parametrize("phase", PHASES)
def test_rules_of_a_link_in_use_are_not_handed_over(phase: str) -> None:
    com = {"host": "u1.example.com", "owner_host": "1.example.com", "edge": "cf", "phase": phase}
    found = compare(_file(**com), _file(rulesets="external", **com))
    assert [p.rule for p in found] == (["past.rulesets"] if phase in ("live", "secured") else [])
    assert compare(_file(rulesets="external", **com), _file(**com)) == []


@pytest.mark.parametrize("change", [{"region": "eu"}, {"owner_host": "2.example.net"}])
@pytest.mark.parametrize(("before", "after"), [("branded", "branded"), ("branded", "ready"), ("ready", "branded"), ("live", "live")])  # fmt: skip
def test_another_brand_is_made_in_branded_alone(change: dict[str, str], before: str, after: str) -> None:
    found = compare(_file(phase=before), _file(phase=after, **change))
    assert [p.rule for p in found] == ([] if before == after == "branded" else ["past.account"])


def test_the_same_edge_of_another_account_names_branded() -> None:
    (problem,) = compare(_with("a u1 aws ready"), _with("a u1 aws2 ready"))
    assert problem.rule == "past.edge-change"
    assert "go back to branded with the old edge" in problem.fix


def _tracked(state: str | None) -> Declaration:
    said = "" if state is None else f", state: {state}"
    host = "" if state == "none" else f"tracking_hosts:\n  k: {{provider: karte, host: t.example.net{said}}}\n"
    return read("version: 1\nzones:\n  example.net: {dns: route53, id: Z0EXAMPLE1}\n" + host)


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ("none", None, "past.host-early"),
        ("none", "verifying", ""),
        ("none", "in-use", ""),
        ("verifying", "preparing", ""),
        ("preparing", "verifying", ""),
        ("preparing", "in-use", ""),
        ("preparing", None, "past.host-early"),
        ("in-use", "preparing", "past.host-taken-back"),
        (None, "verifying", "past.host-taken-back"),
        (None, None, ""),
        (None, "in-use", ""),
        ("in-use", None, ""),
        ("verifying", "none", ""),
    ],
)
def test_a_tracking_host_is_published_when_it_is_said_to_be_in_use_and_never_taken_back(before, after, rule):
    assert _rules(_tracked(before), _tracked(after)) == ([rule] if rule else [])


def test_a_state_that_nobody_knows_is_refused() -> None:
    with pytest.raises(AssertionError, match="in-use"):
        _tracked("live")
