"""What is refused of a deployment with Amazon SES, because SES would refuse it after half of it is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.guard import ClientOf, Deployment, Refusal
from linkproof.errors import LinkproofError
from linkproof.senders.ses.facts import VENDOR, dkim_zone
from linkproof.senders.ses.items import CONFIGURATION_SET, IDENTITY, ConfigurationSet, Identity

if TYPE_CHECKING:
    from linkproof.vendors.aws.client import AwsClient

RULES: Mapping[str, str] = {
    "ses.not-verified": "SES takes a redirect domain only at or below a domain that it has verified for this account and region",
    "ses.dkim-zone": "DKIM records lead to a zone of the region, which the provider's SDK does not tell: SES's own answer decides",
}
_REASON = {
    "HOST_NOT_FOUND": "a DKIM record was not found",
    "TYPE_NOT_FOUND": "there is no CNAME at the name of a DKIM record",
    "INVALID_VALUE": "a DKIM record has another value",
    "DNS_SERVER_ERROR": "the zone's servers gave SES an error",
    "SERVICE_ERROR": "SES itself failed; it tries again",
}


def judge(deployment: Deployment) -> Iterator[Refusal]:
    """Nothing: what decides is SES's to say."""
    del deployment
    yield from ()


def judge_at_vendor(deployment: Deployment, client: ClientOf) -> Iterator[Refusal]:
    """Asked only where a configuration set gets another redirect domain, and of identities that the state holds."""
    state = deployment.state
    for item in deployment.items:
        if isinstance(item, ConfigurationSet) and item.redirect_domain:
            held = state.find(CONFIGURATION_SET, item.resource)
            options = (held.inputs.get("trackingOptions") or {}) if held is not None else {}
            if options.get("customRedirectDomain") != item.redirect_domain:
                yield from _unverified(item, client(VENDOR, item.account))
        elif isinstance(item, Identity) and not item.is_verified and state.find(IDENTITY, item.resource) is not None:
            yield from _elsewhere(item, client(VENDOR, item.account))


def _unverified(item: ConfigurationSet, client: AwsClient) -> Iterator[Refusal]:
    """By every domain at or above the host: one that is verified is enough."""
    labels = item.redirect_domain.split(".")
    domains = [".".join(labels[start:]) for start in range(len(labels) - 1)]
    said = {}
    for domain in domains:
        found = _identity(client, item.region, domain)
        if found is not None and found.get("VerifiedForSendingStatus"):
            return
        if found is not None:
            said[domain] = found
    if said:
        domain, found = next(iter(said.items()))
        reason = _REASON.get(str((found.get("VerificationInfo") or {}).get("ErrorType")), "SES has not looked yet")
        message = (
            f"{domain} is not verified at SES in {item.region} ({found.get('VerificationStatus', 'PENDING')}: {reason})"
        )
        fix = "publish its three DKIM records (`linkproof verify` judges them) and wait: SES looks for up to 72 hours"
    else:
        message = f"no domain at or above {item.redirect_domain} is an identity of SES in {item.region}"
        fix = "declare one under `manage.identities`, or verify it in this account and region"
    yield Refusal("ses.not-verified", item.redirect_domain, message, fix)


def _elsewhere(item: Identity, client: AwsClient) -> Iterator[Refusal]:
    found = _identity(client, item.region, item.domain) or {}
    zone = str((found.get("DkimAttributes") or {}).get("SigningHostedZone") or dkim_zone(item.region)).rstrip(".")
    if zone != dkim_zone(item.region):
        message = f"SES asks for DKIM records that lead below {zone}, and linkproof knows {dkim_zone(item.region)} for {item.region}"
        fix = (
            "remove the identity from the file and publish its records by hand; tell linkproof's project of the region"
        )
        yield Refusal("ses.dkim-zone", item.domain, message, fix)


def _identity(client: AwsClient, region: str, domain: str) -> dict[str, Any] | None:
    from botocore.exceptions import BotoCoreError, ClientError

    ses = client.service("sesv2", region)
    try:
        found: dict[str, Any] = ses.get_email_identity(EmailIdentity=domain)
    except ses.exceptions.NotFoundException:
        return None
    except (BotoCoreError, ClientError) as error:
        raise LinkproofError(
            f"SES of account {client.account} cannot be asked whether {domain} is verified in {region}: {error}",
            "check the credentials (ses:GetEmailIdentity), then run this again",
        ) from error
    return found
