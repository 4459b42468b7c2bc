"""Azure Front Door Standard: authorities, limits and defaults, each with its source."""

from __future__ import annotations

NAME = "Azure Front Door"
VENDOR = "azure"
# The domain is validated by a record of its own, and its certificate is there before DNS moves.
PHASES = ("branded", "ready", "live", "secured")
FAMILIES = (4, 6)
# A custom domain is in one profile of all: the old one goes before the new one's is made.
HAS_ACCOUNT = True
NEEDS_NO_ENTRY = False

CAS = ("digicert.com",)
# A change of DNS at the host, which the Baseline Requirements have as 3.2.2.4.7; no ACME.
METHODS = ("ca-tbr-7",)
SKU = "Standard_AzureFrontDoor"
# Below the host, with the token that the domain's object says. It ends seven days after it was given.
VALIDATION_LABEL = "_dnsauth"
CIPHER_SUITES = "TLS12_2022"
# Of one profile of the Standard tier; routes of an endpoint and origin groups of a profile are as many.
MOST_DOMAINS = 100
# Of a rule set and its rules letters and digits alone, and an endpoint's name is the shortest.
MOST_NAME_CHARACTERS = 46
API_VERSION = "2025-06-01"

SOURCES = (
    "https://learn.microsoft.com/azure/frontdoor/domain",
    "https://learn.microsoft.com/azure/frontdoor/origin",
    "https://learn.microsoft.com/azure/frontdoor/end-to-end-tls",
    "https://learn.microsoft.com/azure/frontdoor/front-door-http-headers-protocol",
    "https://learn.microsoft.com/azure/frontdoor/front-door-routing-limits",
    "https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits",
    "https://learn.microsoft.com/rest/api/frontdoor/azurefrontdoorstandardpremium/afd-custom-domains",
)
