"""What Azure Front Door writes about its objects by itself. Names are those of its provider's schema (`pulumi_azure_native.cdn`).

The values are those of `FrontDoorDeploymentStatus`, `FrontDoorProvisioningState` and `DomainValidationState` at learn.microsoft.com (azure.resourcemanager.cdn).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linkproof.contract.drift import Noise
from linkproof.edges.azure.items import DOMAIN, ENDPOINT, ORIGIN, ORIGIN_GROUP, PROFILE, ROUTE, RULE, RULE_SET, SECRET


def _became_approved(held: Any, read: Any) -> bool:
    del held
    return bool(read == "Approved")


def _goes_on(held: Any, read: Any) -> bool:
    """Only what failed says something."""
    del held
    return bool(read in ("NotStarted", "InProgress", "Succeeded", "Creating", "Updating"))


_SAVED = Noise("outputs.systemData", "who saved it last, and when; what was saved is compared")
_WORK = Noise("outputs.provisioningState", "how far the API is with what was saved; what was is compared", _goes_on)
_COMMON = (_SAVED, _WORK, Noise("outputs.deploymentStatus", "likewise, of how far it has spread", _goes_on))
NOISE: Mapping[str, Sequence[Noise]] = {
    PROFILE: (_SAVED, _WORK),
    **dict.fromkeys((ENDPOINT, ORIGIN_GROUP, ORIGIN, RULE_SET, RULE, ROUTE, SECRET), _COMMON),
    DOMAIN: (
        *_COMMON,
        Noise("outputs.domainValidationState", "the state keeps the one of the request; Azure approves by itself", _became_approved),
    ),
}  # fmt: skip
