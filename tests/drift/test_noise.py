"""What a vendor writes about its objects by itself: each list names what its provider has, says why, and hides nothing that was lost."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
from linkproof import registry
from linkproof.drift.changes import OUTPUTS, changed_outputs, noise
from linkproof.edges.azure.items import DOMAIN, ENDPOINT
from linkproof.edges.fastly.items import SERVICE, SUBSCRIPTION
from linkproof.edges.gcp.items import BACKEND, MAP_ENTRY
from linkproof.senders.ses.items import IDENTITY
from linkproof.senders.sparkpost.items import TRACKING_DOMAIN


def differs(rtype: str, name: str, held: Any, read: Any) -> bool:
    return bool(list(changed_outputs(rtype, {"outputs": {name: held}}, {"outputs": {name: read}})))


@pytest.mark.parametrize(("rtype", "name", "held", "noise_", "drift"), [
    (IDENTITY, "verificationStatus", "PENDING", "SUCCESS", "TEMPORARY_FAILURE"),
    (IDENTITY, "verifiedForSendingStatus", False, True, None),
    (TRACKING_DOMAIN, "cnameStatus", "pending", "valid", "invalid"),
    (TRACKING_DOMAIN, "isVerified", True, True, False),
    (TRACKING_DOMAIN, "tlsStatus", "pending", "valid", "expired"),
    (SUBSCRIPTION, "state", "pending", "issued", "failed"),
    (SUBSCRIPTION, "state", "issued", "renewing", "pending"),
    (ENDPOINT, "deploymentStatus", "NotStarted", "Succeeded", "Failed"),
    (ENDPOINT, "provisioningState", "Creating", "Succeeded", "Deleting"),
    (DOMAIN, "domainValidationState", "Pending", "Approved", "Rejected"),
    (MAP_ENTRY, "state", "PENDING", "ACTIVE", "STATE_UNSPECIFIED"),
])  # fmt: skip
def test_what_ripens_by_itself_is_no_drift_and_what_is_lost_is(
    rtype: str, name: str, held: Any, noise_: Any, drift: Any
) -> None:
    assert not differs(rtype, name, held, noise_)
    assert differs(rtype, name, held, drift) == (held != drift)


@pytest.mark.parametrize(("rtype", "moves", "stays"), [
    (SERVICE, "clonedVersion", "activeVersion"),
    (BACKEND, "fingerprint", "selfLink"),
    (SUBSCRIPTION, "updatedAt", "certificateId"),
    (ENDPOINT, "systemData", "hostName"),
    (TRACKING_DOMAIN, "certificateEnds", "complianceStatus"),
])  # fmt: skip
def test_times_hashes_and_drafts_say_nothing_and_what_is_beside_them_does(rtype: str, moves: str, stays: str) -> None:
    assert not differs(rtype, moves, "1", "2")
    assert differs(rtype, stays, "1", "2")


def test_every_list_names_what_its_provider_has_and_says_why() -> None:
    for rtype, known in noise().items():
        for one in known:
            assert len(one.because) > 10, (rtype, one.path)
            if (text := _schema(rtype)) is not None:
                name = one.path.removeprefix(OUTPUTS).partition(".")[0]
                assert re.search(rf'name="{name}"|def {name}\(self', text), f"{rtype} has no {name}"


def test_a_list_is_of_the_plug_in_s_own_kinds() -> None:
    for plugin in registry.plugins():
        for rtype in plugin.drift.NOISE if plugin.drift is not None else ():
            assert rtype.partition(":")[0] in {
                "aws",
                "cloudflare",
                "fastly",
                "gcp",
                "azure-native",
                "sendgrid",
                "sparkpost",
            }


def _schema(rtype: str) -> str | None:
    """The SDK's own text of a resource; None for a provider of ours, whose SDK is this package."""
    package, module, name = rtype.split(":")
    found = importlib.util.find_spec(f"pulumi_{package.replace('-', '_')}")
    if found is None:
        return None
    assert found.origin is not None
    folder = Path(found.origin).parent / module.partition("/")[0].replace("index", ".")
    of_class = f"class {name}(pulumi.CustomResource)"
    return next(text for file in sorted(folder.glob("*.py")) if of_class in (text := file.read_text()))
