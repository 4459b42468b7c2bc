"""Every sender of the registry alike: its example walks by the real engine from nothing through every phase and back, and is destroyed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from linkproof import registry
from linkproof.registry import SenderPlugin
from linkproof_lab.senders.sendgrid.facts import SENDGRID_KEY
from linkproof_lab.senders.sparkpost.control_plane import keys
from linkproof_lab.senders.sparkpost.control_plane.sending_domains import KIND as SENDING_KIND
from linkproof_lab.senders.sparkpost.facts import ENDPOINTS

from tests.engine.sandbox import Sandbox

WAY = ("branded", "ready", "live", "secured", "live", "ready", "branded")
EU_KEY = "lab-sparkpost-eu-key-of-a-test"
NETWORK_KEY = "AKIDLABNETWORK"


def example(plugin: SenderPlugin, phase: str, **changes: Any) -> dict[str, Any]:
    """Its `example.yaml` in a lab: links with an edge of their own in this phase, and records that are forgotten soon."""
    # plain texts, as linkproof reads them: to YAML 1.1 the key `on` is a truth value
    document: dict[str, Any] = yaml.load((plugin.folder / "example.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)
    for zone in document["zones"].values():
        zone["propagation_seconds"] = 1
    forgotten = tuple(name for name, zone in document["zones"].items() if zone["dns"] == "route53")
    for link in document["links"].values():
        if not link["click_host"].endswith(
            forgotten
        ):  # Cloudflare serves what it proxies for 300 s, which a step back would wait for
            link["phase"] = "branded"
            continue
        link["ttl_seconds"] = 2
        if link.get("edge", "managed") != "managed":
            link["phase"] = phase
    if plugin.name == "sparkpost":  # the lab has one enterprise account's endpoint
        document["senders"]["own"]["target"] = ENDPOINTS["enterprise"][0]
    if plugin.name == "ses":
        document["senders"]["tokyo"]["manage"]["identities"]["example.net"] = {
            "state": changes.get("state", "verified")
        }
    del document["version"]
    return document


def sendgrid(box: Sandbox, plugin: SenderPlugin) -> None:
    """The account has nothing yet: the example makes its subuser."""
    api = {
        "baseUrl": box.lab.api_url("senders/sendgrid"),
        "rootHints": str(box.lab.hints_file),
        "dnsPort": box.lab.dns_port,
    }
    secrets = {"sendgridApiKey": SENDGRID_KEY, "sendgridSubuserPasswords.news": "pass-word-1"}
    box.stack("dev", example(plugin, "branded"), options={"sendgrid": api}, secrets=secrets)
    box.up("dev")


def sparkpost(box: Sandbox, plugin: SenderPlugin) -> None:
    """An account in the EU, with a sending domain that one of its subaccounts has verified."""
    api = {
        "baseUrl": box.lab.api_url("senders/sparkpost"),
        "rootHints": str(box.lab.hints_file),
        "dnsPort": box.lab.dns_port,
    }
    box.stack("dev", example(plugin, "branded"), options={"sparkpost": api}, secrets={"sparkpostApiKey": EU_KEY})
    held = {"region": "eu", "subaccount": 215, "statuses": {}, "shared": False, "tracking_domain": ""}
    with box.control as control:
        control.put_document(keys.KEY, keys.key_of(EU_KEY), {"region": "eu", "grants": list(keys.LEAST_GRANTS)})
        control.put_document(SENDING_KIND, "example.net", held)
    box.up("dev")


def ses(box: Sandbox, plugin: SenderPlugin) -> None:
    """An identity takes a deployment of its own: SES has to see its records before a configuration set may use it."""
    import boto3

    box.stack("dev", example(plugin, "branded", state="verifying"))
    box.aws_account("dev", "network", NETWORK_KEY)
    box.up("dev")
    client = boto3.client(
        "sesv2", region_name="ap-northeast-1", endpoint_url=box.lab.api_url("vendors/aws"),
        aws_access_key_id=NETWORK_KEY, aws_secret_access_key="lab-aws-secret",
    )  # fmt: skip
    until = time.monotonic() + 60
    while not client.get_email_identity(EmailIdentity="example.net")["VerifiedForSendingStatus"]:
        assert time.monotonic() < until
        time.sleep(0.1)


BEGIN: dict[str, Callable[[Sandbox, SenderPlugin], None]] = {"sendgrid": sendgrid, "sparkpost": sparkpost, "ses": ses}


@pytest.mark.parametrize("plugin", registry.senders(), ids=lambda one: one.name)
def test_its_example_walks_every_phase_and_back_and_is_destroyed(fresh: Sandbox, plugin: SenderPlugin) -> None:
    BEGIN[plugin.name](fresh, plugin)
    walked = [link["click_host"] for link in example(plugin, "live")["links"].values() if link["phase"] == "live"]
    assert walked
    for number, phase in enumerate(WAY):
        fresh.declare("dev", example(plugin, phase))
        if number == 0:
            fresh.linkproof("check", "stacks/dev.yaml")
            said = fresh.linkproof("plan", "stacks/dev.yaml").stdout
            assert all(host in said for host in walked)
            assert all("replace" not in step["op"] for step in fresh.preview("dev"))
        fresh.linkproof("guard", "dev", "--wait", "5m")
        steps = fresh.steps_of_up("dev")
        assert not [op for op, _ in steps if "replace" in op], (phase, steps)
        if number in (4, 5):
            continue  # live and ready were proven on the way there
        with fresh.control as control:
            control.flush_resolver()
        code, report = fresh.verify("dev")
        assert code in (0, 4), (phase, report["findings"], report["could_not_check"])
    fresh.pulumi("refresh", "--stack", "dev", "--preview-only", "--expect-no-changes")
    fresh.linkproof("retire", "--all", "--stack", "dev")
    fresh.pulumi("destroy", "--stack", "dev", "--yes", "--skip-preview", "--suppress-outputs")
    left = [one["type"] for one in fresh.state("dev").get("deployment", {}).get("resources", ())]
    assert [one for one in left if not one.startswith(("pulumi:", "linkproof:"))] == []
    for zone in example(plugin, "branded")["zones"].values():
        held = {one["name"] for one in fresh.control.records(zone["id"])["rrsets"]}
        assert not held & set(walked), "their records are gone"
