"""Where it is and whose it is."""

from __future__ import annotations

from linkproof_lab.service import Facts

FACTS = Facts(title="Azure", package="azure-native", api=(100, 31))

# The service principal that the lab's Azure knows. It opens nothing but a lab, and there every subscription.
TENANT = "7a3f0000-0000-4000-8000-000000000001"
CLIENT = "7a3f0000-0000-4000-8000-000000000002"
SUBSCRIPTION = "7a3f0000-0000-4000-8000-000000000003"
CLIENT_SECRET = "lab-azure-secret-that-opens-nothing-but-a-lab"  # noqa: S105


def options(api: str) -> dict[str, str]:
    """The options of an account that lead its provider and its client to a lab.

    The provider has no option for an address: it asks the metadata host where the APIs are. A real one does so over TLS alone, so it
    reaches no lab.

    Args:
        api: its address, without a last slash.
    """
    return {
        "subscriptionId": SUBSCRIPTION,
        "tenantId": TENANT,
        "clientId": CLIENT,
        "metadataHost": api.removeprefix("http://"),
    }
