"""What is let go with a link: its own, and what nobody else needs."""

from __future__ import annotations

import pytest
from linkproof.contract.state import State
from linkproof.engine.protection import all_protected, leaving_protected, protected
from linkproof.errors import LinkproofError
from linkproof.plan.build import build

from tests.engine_state.deployed import (
    COM,
    NET,
    ZONES,
    at_aws,
    cloudflare,
    declared,
    link,
    resource,
    route53,
    ruleset,
    said,
    state,
)
from tests.managed import read

OTHER, OWNER = "url2.example.net", "1234567.example.net"
POLICY = "aws:cloudfront/originRequestPolicy:OriginRequestPolicy"


def names(urns: list[str]) -> list[str]:
    return [urn.rpartition("::")[2] for urn in urns]


def two_links() -> State:
    both = {
        "one": said("branded")["one"] | {"owner_host": OWNER},
        "two": said("branded", OTHER, key="two")["two"] | {"owner_host": OWNER},
    }
    records = [route53(host, protect=True) for host in (NET, OTHER, OWNER)]
    return state(*records, links=both)


def test_a_link_in_branded_is_let_go_and_its_owner_host_stays_for_another() -> None:
    others = build(declared(link("branded", OTHER, key="two")))
    assert names(protected(two_links(), NET, others)) == [f"{NET}/CNAME"]


def test_the_last_link_takes_its_owner_host_along() -> None:
    assert names(protected(two_links(), NET, build(declared()))) == [f"{NET}/CNAME", f"{OWNER}/CNAME"]


def test_what_is_not_protected_needs_no_letting_go() -> None:
    assert protected(state(route53(NET)), NET, build(declared())) == []


@pytest.mark.parametrize("phase", ["ready", "live", "secured"])
def test_a_link_that_is_not_back_in_branded_is_not_let_go(phase: str) -> None:
    with pytest.raises(LinkproofError, match="only a link in phase branded is let go"):
        protected(state(*at_aws(phase, protect=True)), NET, build(declared()))


def test_a_link_in_use_lets_go_of_the_certificate_that_another_replaces_and_of_nothing_else() -> None:
    certificate = resource("aws:acm/certificate:Certificate", NET, protect=True)
    deployed = state(
        *at_aws("live", protect=True),
        certificate,
        resource("aws:route53/record:Record", f"{NET}/validation", protect=True),
    )
    arn = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-0123456789ab"
    edges = f"edges:\n  aws: {{provider: cloudfront, certificates: {{{NET}: '{arn}'}}}}\n"
    own = build(read(ZONES + edges + f"links:\n  {link('live')}\n"))
    let_go = protected(deployed, NET, build(declared()), own)
    kinds = {urn.split("::")[2].rpartition("$")[2] for urn in let_go}
    assert "aws:acm/certificate:Certificate" in kinds
    assert not kinds & {"aws:cloudfront/distribution:Distribution"}
    assert f"{NET}/CNAME" not in names(let_go)
    for gone in (build(declared()), build(declared(link("live")))):  # out of the file; as it was
        with pytest.raises(LinkproofError, match="only a link in phase branded is let go"):
            protected(deployed, NET, build(declared()), gone)


def test_an_unknown_host_is_said() -> None:
    with pytest.raises(LinkproofError, match="is not deployed in this stack"):
        protected(state(route53(NET)), "url9.example.net", build(declared()))


def test_what_links_share_is_let_go_by_its_own_name_once_nothing_needs_it() -> None:
    """The hundred-and-first distribution had a policy of its own; when one link leaves, nobody needs the second."""
    second = resource(POLICY, "default/sendgrid.net/2", protect=True)
    deployed = state(second, resource(POLICY, "default/sendgrid.net/1", protect=True), route53(OWNER, protect=True), ruleset(COM) | {"protect": True})  # fmt: skip
    needed = build(declared(link("live"), link("live", COM, "cf", key="two")))
    assert names(protected(deployed, "default/sendgrid.net/2", needed)) == ["default/sendgrid.net/2"]
    for name in ("default/sendgrid.net/1", OWNER, "example.com/http_config_settings"):
        with pytest.raises(LinkproofError, match="is needed by what is declared"):
            protected(deployed, name, needed)
    assert [r.name for r in leaving_protected(needed, deployed)] == ["default/sendgrid.net/2"]


def test_a_lab_stack_lets_go_of_everything() -> None:
    deployed = state(route53(NET, protect=True), cloudflare(COM), ruleset(COM) | {"protect": True})
    assert names(all_protected(deployed)) == [f"{NET}/CNAME", "example.com/http_config_settings"]
