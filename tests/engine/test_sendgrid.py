"""SendGrid's objects on the real engine, from nothing through every phase; and nobody validates once the click host may move."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from linkproof_lab.apis.request_log import requests
from linkproof_lab.senders.sendgrid.control_plane.faults import KIND as FAULT
from linkproof_lab.senders.sendgrid.facts import SENDGRID_KEY

from tests.engine.elsewhere import Elsewhere
from tests.engine.sandbox import Sandbox, linked, sandbox

HOST, OWNER = "url1.example.net", "1234567.example.net"
ROOT = "/v3/whitelabel/links"
BY_HAND = {"automatic_security": False, "custom_spf": True}
DOMAINS = {
    "mail.example.net": {"subdomain": "em1", **BY_HAND, "ips": ["192.0.2.7"], "subusers": ["news"]},
    "mail.example.com": {"subdomain": "em1", **BY_HAND, "ips": ["192.0.2.8"]},
    "news.example.net": {"subdomain": "em2", "custom_dkim_selector": "abc"},
}


def declared(phase: str = "branded", *, manage: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """One managed link without an owner host: the API's answer says it."""
    one = {"sender": "mail", "click_host": HOST, "phase": phase, "edge": "aws", **more}
    return linked({"one": one}, senders={"mail": {"provider": "sendgrid", "manage": manage or {}}})


def begin(box: Sandbox, declaration: dict[str, Any]) -> None:
    options = {
        "baseUrl": box.lab.api_url("senders/sendgrid"),
        "rootHints": str(box.lab.hints_file),
        "dnsPort": box.lab.dns_port,
    }
    box.stack("dev", declaration, options={"sendgrid": options}, secrets={"sendgridApiKey": SENDGRID_KEY})


def ask(box: Sandbox, method: str, path: str, body: Any = None, key: str = SENDGRID_KEY) -> httpx.Response:
    """As a person in the console."""
    url = f"{box.lab.api_url('senders/sendgrid')}/v3/{path}"
    return httpx.request(method, url, json=body, headers={"Authorization": f"Bearer {key}"}, trust_env=False)


def calls(box: Sandbox, method: str, ending: str = "") -> list[str]:
    at = box.lab.api_url("senders/sendgrid")
    return [
        str(one["path"])
        for one in requests(box.lab.request_log)
        if one["api"] == at and one["method"] == method and str(one["path"]).endswith(ending)
    ]


def links(box: Sandbox) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(box, "GET", "whitelabel/links").json()
    return found


def resource(box: Sandbox, name: str) -> dict[str, Any]:
    (found,) = [one for one in box.state("dev")["deployment"]["resources"] if one["urn"].endswith(f"::{name}")]
    return dict(found)


def fault(box: Sandbox, name: str, **document: Any) -> None:
    with box.control as control:
        control.put_document(FAULT, name, document)


def end_fault(box: Sandbox, name: str) -> None:
    with box.control as control:
        control.delete_document(FAULT, name)


@pytest.fixture(scope="module")
def walked(engine_present: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("sendgrid")) as box:
        begin(box, declared())
        yield box


def test_a_link_is_made_published_and_validated_in_one_deployment(walked: Sandbox) -> None:
    steps = walked.steps_of_up("dev")
    names = [name for op, name in steps if op == "create"]
    assert names.index(f"{HOST}/brand") < names.index(f"{HOST}/CNAME") < names.index(f"{HOST}/valid")
    (link,) = links(walked)
    assert (link["valid"], link["dns"]["owner_cname"]["host"]) == (True, OWNER)
    assert calls(walked, "POST", "/validate") == [f"{ROOT}/{link['id']}/validate"]
    code, report = walked.verify("dev")
    assert code in (0, 4), report
    expectations = json.loads((walked.root / ".linkproof" / "dev" / "expectations.json").read_text())
    assert f"{OWNER}." in [record["name"] for record in expectations["records"]], "known from the API's answer"
    walked.pulumi("preview", "--stack", "dev", "--expect-no-changes")
    walked.pulumi("refresh", "--stack", "dev", "--preview-only", "--expect-no-changes")


@pytest.mark.parametrize("phase", ["ready", "live", "secured"])
def test_every_further_phase_reads_the_brand_and_never_validates_it(walked: Sandbox, phase: str) -> None:
    walked.declare("dev", declared(phase))
    walked.linkproof("guard", "dev")
    steps = walked.steps_of_up("dev")
    assert not [op for op, _ in steps if "replace" in op], steps
    assert f"{HOST}/valid" not in [
        one["urn"].rpartition("::")[2] for one in walked.state("dev")["deployment"]["resources"]
    ]
    assert len(calls(walked, "POST", "/validate")) == 1
    assert [one["valid"] for one in links(walked)] == [True]
    walked.pulumi("preview", "--stack", "dev", "--expect-no-changes")
    walked.pulumi("refresh", "--stack", "dev", "--preview-only", "--expect-no-changes")
    code, report = walked.verify("dev")
    assert code in (0, 4), (report["findings"], report["could_not_check"])


def test_support_is_asked_once_everything_is_proved_and_not_before(walked: Sandbox) -> None:
    walked.declare("dev", declared("live"))
    walked.up("dev")
    walked.linkproof("verify", "dev", code=None)
    with walked.control as control:
        control.flush_resolver()
    early = walked.linkproof("support-request", "one", "--stack", "dev", code=None)
    assert (early.returncode, "Subject:" in early.stdout) in ((0, True), (2, False)), early.stdout
    code, _ = walked.verify("dev")
    assert code == 0
    done = walked.linkproof("support-request", "--all", "--stack", "dev")
    assert f"{HOST}: assigned, its CNAME leads to Amazon CloudFront" in done.stdout


def test_a_brand_in_use_that_somebody_has_validated_again_is_drift_and_is_refused(walked: Sandbox) -> None:
    (link,) = links(walked)
    with walked.control as control:
        control.flush_resolver()  # SendGrid's has forgotten what it saw in phase branded
    assert ask(walked, "POST", f"whitelabel/links/{link['id']}/validate").json()["valid"] is False
    done = walked.pulumi("refresh", "--stack", "dev", "--preview-only", "--expect-no-changes", code=None)
    assert done.returncode == 7
    walked.pulumi("refresh", "--stack", "dev", "--yes", "--skip-preview")
    failed = walked.pulumi("up", "--stack", "dev", "--yes", "--skip-preview", code=None)
    assert failed.returncode != 0
    assert "is not valid at SendGrid" in failed.stdout + failed.stderr
    assert len(calls(walked, "POST", "/validate")) == 2, "the first, and the person's"


def test_a_link_in_use_is_not_deleted_with_the_stack(walked: Sandbox) -> None:
    done = walked.pulumi("destroy", "--stack", "dev", "--yes", "--skip-preview", code=None)
    assert done.returncode != 0
    assert len(links(walked)) == 1
    assert calls(walked, "DELETE") == []


@pytest.fixture(scope="module")
def branded(engine_present: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("branded")) as box:
        begin(
            box,
            declared(
                manage={
                    "default": "one",
                    "api_keys": {"sending": {"scopes": ["mail.send"]}},
                    "click_tracking": True,
                    "subusers": {"news": {}},
                    "domains": DOMAINS,
                }
            ),
        )
        subuser = {"username": "news", "email": "a@example.net", "password": "pass-word-1", "ips": []}
        assert ask(box, "POST", "subusers", subuser).status_code == 201
        box.up("dev")
        yield box


def test_domains_are_published_by_role_at_both_dns_hosts_and_valid_in_the_same_deployment(branded: Sandbox) -> None:
    held = {one["domain"]: one for one in ask(branded, "GET", "whitelabel/domains").json()}
    assert {domain: one["valid"] for domain, one in held.items()} == dict.fromkeys(DOMAINS, True)
    assert held["mail.example.net"]["subusers"] == [{"username": "news"}]
    assert set(held["mail.example.com"]["dns"]) == {"mail_server", "subdomain_spf", "dkim"}
    assert resource(branded, "em2.news.example.net/dkim1")["inputs"]["name"] == "abc1._domainkey.news.example.net."
    branded.linkproof("expectations", "dev")
    code, report = branded.verify("dev")
    assert code in (0, 4), (report["findings"], report["could_not_check"])
    records = {
        one["id"]
        for one in json.loads((branded.root / ".linkproof" / "dev" / "expectations.json").read_text())["records"]
    }
    assert {"mail/em1.mail.example.com/mail_server", "mail/em1.mail.example.net/dkim"} <= records
    branded.pulumi("preview", "--stack", "dev", "--expect-no-changes")
    branded.pulumi("refresh", "--stack", "dev", "--yes", "--skip-preview", "--expect-no-changes")


def test_a_default_that_was_taken_away_in_the_console_is_seen_and_put_back(branded: Sandbox) -> None:
    (link,) = links(branded)
    ask(branded, "PATCH", f"whitelabel/links/{link['id']}", {"default": False})
    ask(branded, "PATCH", "tracking_settings/click", {"enabled": False})
    done = branded.pulumi("refresh", "--stack", "dev", "--preview-only", "--expect-no-changes", code=None)
    assert done.returncode == 7
    branded.pulumi("refresh", "--stack", "dev", "--yes", "--skip-preview")
    branded.up("dev")
    assert links(branded)[0]["default"] is True
    assert ask(branded, "GET", "tracking_settings/click").json()["enabled"] is True


def test_a_key_is_rotated_the_new_one_first_and_is_a_secret_in_the_state(branded: Sandbox) -> None:
    before = resource(branded, "default/sending")
    assert "SG." not in json.dumps(before["outputs"]), "as ciphertext"
    manage = {"default": "one", "click_tracking": True, "subusers": {"news": {}}, "domains": DOMAINS}
    branded.declare(
        "dev", declared(manage={**manage, "api_keys": {"sending": {"scopes": ["mail.send"], "rotation": "2"}}})
    )
    branded.up("dev")
    after = resource(branded, "default/sending")
    assert after["id"] != before["id"]
    at = branded.lab.api_url("senders/sendgrid")
    writes = [
        (one["method"], one["path"]) for one in requests(branded.lab.request_log) if one["api"] == at and one["writes"]
    ]
    keys = [one for one in writes if "api_keys" in str(one[1])]
    assert keys[-2:] == [("POST", "/v3/api_keys"), ("DELETE", f"/v3/api_keys/{before['id']}")]
    branded.declare(
        "dev", declared(manage={**manage, "api_keys": {"sending": {"scopes": ["mail.send"], "rotation": "2"}}})
    )
    branded.pulumi("preview", "--stack", "dev", "--expect-no-changes")


def test_the_account_s_own_key_is_changed_without_replacing_anything(branded: Sandbox) -> None:
    scopes = ask(branded, "GET", "scopes").json()["scopes"]
    key = ask(branded, "POST", "api_keys", {"name": "ours", "scopes": scopes}).json()["api_key"]
    branded.pulumi(
        "config", "set", "--secret", "--path", "linkproof:secrets.default.sendgridApiKey", key, "--stack", "dev"
    )
    events = branded.events("up", "--stack", "dev")
    ops = {one["resourcePreEvent"]["metadata"]["op"] for one in events if "resourcePreEvent" in one}
    assert ops <= {"same", "update"}, ops
    assert key not in json.dumps(events)
    assert key not in json.dumps(branded.state("dev"))


def test_a_storm_of_429s_is_waited_out(branded: Sandbox) -> None:
    with branded.control as control:
        control.put_document("rate-limit", "sendgrid", {"requests": 2, "per_seconds": 2})
    branded.pulumi("refresh", "--stack", "dev", "--yes", "--skip-preview")
    with branded.control as control:
        control.delete_document("rate-limit", "sendgrid")
    statuses = [
        one["status"]
        for one in requests(branded.lab.request_log)
        if one["api"] == branded.lab.api_url("senders/sendgrid")
    ]
    assert 429 in statuses
    branded.pulumi("preview", "--stack", "dev", "--expect-no-changes")


def test_a_link_that_was_deleted_in_the_console_is_seen(branded: Sandbox) -> None:
    (link,) = links(branded)
    fault(branded, "read", method="GET", path=f"{ROOT}/*", status=403)
    unread = branded.pulumi("refresh", "--stack", "dev", "--yes", "--skip-preview", code=None)
    assert unread.returncode != 0
    end_fault(branded, "read")
    assert resource(branded, f"{HOST}/brand")["id"] == str(link["id"]), "a refusal is no word of it being gone"
    ask(branded, "DELETE", f"whitelabel/links/{link['id']}")
    done = branded.pulumi("refresh", "--stack", "dev", "--preview-only", "--expect-no-changes", code=None)
    assert done.returncode == 7


def test_a_brand_that_exists_is_refused_and_the_way_to_import_it_is_printed(fresh: Sandbox) -> None:
    begin(fresh, linked({}))
    fresh.up("dev")
    made = ask(fresh, "POST", "whitelabel/links", {"domain": "example.net", "subdomain": "url1"}).json()
    fresh.declare("dev", declared())
    failed = fresh.pulumi("up", "--stack", "dev", "--yes", "--skip-preview", "--suppress-outputs", code=None)
    assert failed.returncode != 0
    assert f"pulumi import sendgrid:index:LinkBranding {HOST} {made['id']}" in failed.stdout + failed.stderr
    said = fresh.linkproof("expectations", "dev").stdout
    (command,) = [line.partition("own it: ")[2] for line in said.splitlines() if "pulumi import" in line]
    fresh.pulumi(*command.split()[1:], "--yes")
    fresh.up("dev")
    assert [one["id"] for one in links(fresh)] == [made["id"]]
    assert links(fresh)[0]["valid"] is True


def test_a_retired_link_s_records_go_first_and_its_brand_after_them(fresh: Sandbox) -> None:
    begin(fresh, declared())
    fresh.up("dev")
    fresh.linkproof("retire", "one", "--stack", "dev")
    fresh.declare("dev", linked({}))
    fresh.linkproof("guard", "dev")
    deleted = [name for op, name in fresh.steps_of_up("dev") if op == "delete"]
    assert deleted.index(f"{HOST}/CNAME") < deleted.index(f"{HOST}/brand")
    assert links(fresh) == []


def start_up(box: Sandbox) -> subprocess.Popen[str]:
    return subprocess.Popen(
        ["pulumi", "up", "--stack", "dev", "--yes", "--skip-preview", "--non-interactive"],
        cwd=box.root,
        env=box.environments["dev"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def wait_for_post(box: Sandbox, process: subprocess.Popen[str]) -> None:
    """Until the API has the link whose answer it still holds back."""
    import time

    until = time.monotonic() + 120
    while not links(box):
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < until
        time.sleep(0.1)


def test_a_cancel_while_the_link_is_made_leaves_no_orphan(fresh: Sandbox) -> None:
    begin(fresh, declared())
    fault(fresh, "slow", method="POST", path=ROOT, done=True, delay_seconds=3, times=1)
    process = start_up(fresh)
    wait_for_post(fresh, process)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=120)
    (link,) = links(fresh)
    assert resource(fresh, f"{HOST}/brand")["id"] == str(link["id"])
    fresh.linkproof("recover", "dev")
    fresh.up("dev")
    assert [(one["id"], one["valid"]) for one in links(fresh)] == [(link["id"], True)]
    assert len(calls(fresh, "POST", "/links")) == 1


def test_a_crash_between_the_link_and_the_state_is_recovered(fresh: Sandbox) -> None:
    begin(fresh, declared())
    fault(fresh, "slow", method="POST", path=ROOT, done=True, delay_seconds=4, times=1)
    process = start_up(fresh)
    wait_for_post(fresh, process)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    (link,) = links(fresh)
    said = fresh.linkproof("recover", "dev").stdout
    assert f"found {link['id']}, created before the engine was killed" in said
    fresh.linkproof("guard", "dev")
    fresh.up("dev")
    assert [(one["id"], one["valid"]) for one in links(fresh)] == [(link["id"], True)]
    assert len(calls(fresh, "POST", "/links")) == 1


def test_a_live_brand_that_others_made_is_adopted_and_neither_changed_nor_validated(fresh: Sandbox) -> None:
    begin(fresh, declared("live", owner_host=OWNER, manage={"subusers": {"news": {"email": "a@example.net"}}}))
    subuser = {"username": "news", "email": "a@example.net", "password": "pass-word-1", "ips": []}
    ask(fresh, "POST", "subusers", subuser)
    others = Elsewhere(fresh)
    others.route53_record(f"{OWNER}.", "sendgrid.net.")
    others.route53_record(f"{HOST}.", "sendgrid.net.")
    made = ask(fresh, "POST", "whitelabel/links", {"domain": "example.net", "subdomain": "url1"}).json()
    assert ask(fresh, "POST", f"whitelabel/links/{made['id']}/validate").json()["valid"] is True
    others.links_at_cloudfront(HOST, ttl=300)
    others.deployed()
    before = links(fresh)
    written = [(one["method"], one["path"]) for one in requests(fresh.lab.request_log) if one["writes"]]
    fresh.linkproof("adopt", "dev")
    assert resource(fresh, f"{HOST}/brand")["id"] == str(made["id"])
    assert resource(fresh, "default/news/subuser")["id"] == "news", "without its password, which nobody needs any more"
    fresh.linkproof("guard", "dev")
    fresh.up("dev")
    fresh.pulumi("preview", "--stack", "dev", "--expect-no-changes")
    assert links(fresh) == before
    assert [(one["method"], one["path"]) for one in requests(fresh.lab.request_log) if one["writes"]] == written
