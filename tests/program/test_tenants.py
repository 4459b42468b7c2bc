"""CloudFront's tenants as they are sent: what stands before what, what is protected, and what a tenant brings of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.program.recorded import Recorded, run

ONE, TWO = "url1.example.net", "url2.example.net"
SHARED, GROUP = "default/sendgrid.net/tenants", "default/tenants"


def made(folder: Path, phase: str, other: str = "ready") -> Recorded:
    links = "".join(
        f"  {key}: {{sender: sendgrid, click_host: {host}, owner_host: {user}.example.net, edge: many, phase: {of}}}\n"
        for key, host, user, of in (("one", ONE, 1234567, phase), ("two", TWO, 7654321, other))
    )
    zones = "zones:\n  example.net: {dns: route53, id: Z0EXAMPLE0NET}\n"
    edges = "edges:\n  many: {provider: cloudfront, mode: tenant}\n"
    return run(f"version: 1\n{zones}{edges}links:\n{links}", work=folder)


def test_a_click_host_follows_its_own_tenant_and_leads_to_the_group(tmp_path: Path) -> None:
    done = made(tmp_path, "live")
    tenant = done.get("tenant", ONE)
    assert set(tenant.depends_on) >= {GROUP, SHARED, ONE}  # the last is the wait for its certificate
    assert tenant.inputs["domains"] == [{"domain": ONE}]
    assert tenant.inputs["customizations"] == {"certificate": {"arn": done.get("certificate", ONE).inputs.get("arn", f"arn:aws:acm:us-east-1:123456789012:certificate/{ONE}")}}  # fmt: skip
    assert (tenant.inputs["distributionId"], tenant.inputs["connectionGroupId"]) == (
        f"id-of-{SHARED}",
        f"id-of-{GROUP}",
    )
    record = done.record(f"{ONE}/CNAME")
    assert set(record.depends_on) == {"records", GROUP, ONE}
    assert record.inputs["records"] == ["dgroupdefaulttenants.cloudfront.net"]
    assert done.record(f"{TWO}/CNAME").inputs["records"] == ["sendgrid.net"]


@pytest.mark.parametrize(("phase", "in_use"), [("branded", False), ("ready", False), ("live", True), ("secured", True)])
def test_what_a_link_in_use_needs_is_protected(tmp_path: Path, phase: str, *, in_use: bool) -> None:
    done = made(tmp_path, phase)
    kinds = {"tenant", "group", "shared-distribution", "policy", "certificate"}
    protected = {f"{one.kind} {one.name}" for one in done.resources if one.protect and one.kind in kinds}
    whole = {
        f"tenant {ONE}",
        f"group {GROUP}",
        f"shared-distribution {SHARED}",
        f"policy {SHARED}",
        f"certificate {ONE}",
    }
    assert protected == (whole if in_use else set())


def test_a_host_is_one_tenant_s_at_a_time(tmp_path: Path) -> None:
    """So it goes before its successor comes; one in use is protected, and the engine replaces nothing."""
    for one in made(tmp_path, "live").resources:
        if one.kind in ("tenant", "group", "shared-distribution"):
            assert one.delete_before_replace == (one.kind == "tenant")


def test_the_shared_distribution_keeps_nothing_and_forwards_what_the_sender_needs(tmp_path: Path) -> None:
    done = made(tmp_path, "live")
    shared = done.get("shared-distribution", SHARED).inputs
    behavior = shared["defaultCacheBehavior"]
    assert behavior["cachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert behavior["originRequestPolicyId"] == f"id-of-{SHARED}"
    assert behavior["viewerProtocolPolicy"] == "allow-all"
    assert {one["errorCachingMinTtl"] for one in shared["customErrorResponses"]} == {0}
    assert shared["viewerCertificate"] == {"cloudfrontDefaultCertificate": True}
    assert shared["tenantConfig"] == {}
    assert done.get("group", GROUP).inputs["ipv6Enabled"] is True


def test_the_names_of_an_account_s_objects_are_the_stack_s_own(tmp_path: Path) -> None:
    done = made(tmp_path, "live")
    names = [done.get(kind, name).inputs["name"] for kind, name in (("tenant", ONE), ("tenant", TWO), ("group", GROUP))]
    assert len(set(names)) == 3
    assert all(name.startswith("linkproof-test-") and 3 <= len(name) <= 128 for name in names)
    for one in done.resources:
        if one.kind in ("tenant", "group", "shared-distribution"):
            assert one.inputs["tags"] == {"linkproof:stack": "acme/linkproof/test"}
