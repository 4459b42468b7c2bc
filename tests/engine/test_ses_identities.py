"""An identity by the real engine: its DKIM records, the wait until SES has seen them, and the redirect domain after it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.engine.sandbox import Sandbox, linked, sandbox
from tests.engine.test_recover import leave_creating
from tests.engine.test_ses import REGION, ses
from tests.lab.apis.test_ses_identities import until

DOMAIN, HOST, BOUNCES = "news.example.com", "click.news.example.com", "bounce.news.example.com"
IDENTITY = f"default/{REGION}/{DOMAIN}"


def declaration(state: str, phase: str = "branded") -> dict[str, Any]:
    managed = {
        "identities": {DOMAIN: {"state": state, "mail_from": BOUNCES, "on_mx_failure": "reject"}},
        "configuration_sets": {"news": {"link": "news"}},
    }
    link = {"sender": "mail", "click_host": HOST, "phase": phase, **({"edge": "cf"} if phase != "branded" else {})}
    return linked({"news": link}, senders={"mail": {"provider": "ses", "region": REGION, "manage": managed}})


@pytest.fixture(scope="module")
def box(engine_present: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("project")) as made:
        made.stack("dev", declaration("verifying"))
        made.up("dev")
        yield made


def tracking(box: Sandbox) -> Any:
    return ses(box).get_configuration_set(ConfigurationSetName="news").get("TrackingOptions")


def test_its_records_are_published_and_proven_while_the_set_waits(box: Sandbox) -> None:
    assert tracking(box) is None, "SES would refuse the domain of an identity that it has not verified"
    tokens = ses(box).get_email_identity(EmailIdentity=DOMAIN)["DkimAttributes"]["Tokens"]
    held = {one["name"]: one["data"] for one in box.control.records("023e105f4ecef8ad9ca31a8372d0c353")["rrsets"]}
    for token in tokens:
        assert held[f"{token}._domainkey.{DOMAIN}"] == [f"{token}.dkim.amazonses.com."]
    assert held[BOUNCES] in (["10 feedback-smtp.eu-west-1.amazonses.com."], ['"v=spf1 include:amazonses.com ~all"'])
    code, report = box.verify("dev")
    assert code in (0, 4), (report["findings"], report["could_not_check"])
    expected = json.loads((box.root / ".linkproof" / "dev" / "expectations.json").read_text())
    assert {f"{token}._domainkey.{DOMAIN}" for token in tokens} <= {
        one["name"].rstrip(".") for one in expected["records"]
    }
    assert {one["type"] for one in expected["records"] if one["name"] == f"{BOUNCES}."} == {"MX", "TXT"}


def test_a_further_phase_is_refused_until_it_is_said_to_be_verified(box: Sandbox) -> None:
    box.declare("dev", declaration("verifying", "ready"))
    assert "ses.identity-verifying" in box.linkproof("check", "dev", code=2).stdout
    box.declare("dev", declaration("verifying"))


def test_once_verified_the_set_gets_its_domain(box: Sandbox) -> None:
    until(lambda: ses(box).get_email_identity(EmailIdentity=DOMAIN)["VerifiedForSendingStatus"])
    box.declare("dev", declaration("verified"))
    box.linkproof("guard", "dev")
    assert box.steps_of_up("dev") == [("update", f"default/{REGION}/news")]
    assert tracking(box) == {"CustomRedirectDomain": HOST, "HttpsPolicy": "OPTIONAL"}
    box.pulumi("preview", "--stack", "dev", "--expect-no-changes")
    box.pulumi("refresh", "--stack", "dev", "--preview-only", "--expect-no-changes")


def test_its_mail_from_domain_is_found_by_ses_and_what_is_changed_of_it_is_seen_once(box: Sandbox) -> None:
    def held() -> Any:
        return ses(box).get_email_identity(EmailIdentity=DOMAIN)["MailFromAttributes"]

    until(lambda: held()["MailFromDomainStatus"] == "SUCCESS")
    assert (held()["MailFromDomain"], held()["BehaviorOnMxFailure"]) == (BOUNCES, "REJECT_MESSAGE")
    ses(box).put_email_identity_mail_from_attributes(EmailIdentity=DOMAIN)
    box.pulumi("refresh", "--stack", "dev", "--yes", "--skip-preview", "--suppress-outputs")
    assert box.steps_of_up("dev") == [("update", f"{IDENTITY}/mail-from")]


def test_one_that_a_killed_engine_has_made_is_found_again(box: Sandbox) -> None:
    leave_creating(box, IDENTITY)
    said = box.linkproof("recover", "dev").stdout
    assert f"found {DOMAIN}@{REGION}, created before the engine was killed" in said
    assert box.steps_of_up("dev") == []
