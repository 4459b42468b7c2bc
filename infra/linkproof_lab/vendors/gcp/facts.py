"""Where it is and whose it is."""

from __future__ import annotations

from linkproof_lab.service import Facts

FACTS = Facts(title="Google Cloud", package="gcp", api=(100, 61))

# The access token that the lab's Google Cloud knows. It opens nothing but a lab, and there every project.
GCP_TOKEN = "lab-google-token-that-opens-nothing-but-a-lab"  # noqa: S105


def endpoints(api: str) -> dict[str, str]:
    """The options of an account that lead its provider and its client to a lab.

    Args:
        api: its address, without a last slash.
    """
    return {
        "computeCustomEndpoint": f"{api}/compute/v1/",
        "certificateManagerCustomEndpoint": f"{api}/certificatemanager/v1/",
        "dnsCustomEndpoint": f"{api}/dns/v1/",
        "monitoringCustomEndpoint": f"{api}/monitoring/v3/",
    }
