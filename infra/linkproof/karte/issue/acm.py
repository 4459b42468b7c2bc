"""An exportable certificate of AWS Certificate Manager: looked at, then exported with its key."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from linkproof import registry
from linkproof.acm import CERTIFICATE
from linkproof.errors import LinkproofError
from linkproof.karte.files import key_of
from linkproof.karte.issue.issued import Issued
from linkproof.names import HostName

if TYPE_CHECKING:
    from linkproof.contract.state import State
    from linkproof.senders.karte.options import AcmForm
    from linkproof.vendors.aws.client import AwsClient

# Of 4 to 128 ASCII characters without #, $ and % (ExportCertificate, API reference); URL-safe base64 has none of these.
_PASSPHRASE_OCTETS = 48
_PENDING, _ISSUED = "PENDING_VALIDATION", "ISSUED"


def arn_of(form: AcmForm, host: HostName, state: State) -> str:
    """The declared one's, or that of the one that the stack has requested.

    Raises:
        LinkproofError: the stack has not requested it yet.
    """
    if form.arn is not None:
        return form.arn
    held = state.find(CERTIFICATE, host.text)
    if held is None or not held.id:
        raise LinkproofError(
            f"the certificate of {host} is declared and not requested yet",
            f"deploy first: `linkproof deploy {state.stack}` requests it and publishes the record that proves it",
        )
    return held.id


def export(client: AwsClient, arn: str, account: str, host: HostName, written_until: datetime | None) -> Issued:
    """The certificate with its key. The key comes encrypted by a passphrase that is made here and kept nowhere.

    Args:
        account: name of the client's credentials.
        written_until: the end of the pair that is due; None where there is none.

    Raises:
        LinkproofError: it is not issued, cannot be exported, is for another host, is the one that is due; or ACM refused.
        RefusedError: KARTE would not take its key.
    """
    acm = client.service("acm", arn.split(":")[3])
    place = f"ACM {arn}"
    with registry.vendor("aws").client.asking(arn, account):
        _check(acm.describe_certificate(CertificateArn=arn)["Certificate"], place, host, written_until)
        passphrase = secrets.token_urlsafe(_PASSPHRASE_OCTETS).encode("ascii")
        given = acm.export_certificate(CertificateArn=arn, Passphrase=passphrase)
    key = key_of(given["PrivateKey"], passphrase, place, host.text)
    return Issued(key, (f"{given['Certificate'].rstrip()}\n{given.get('CertificateChain') or ''}",))


def _check(held: Mapping[str, Any], place: str, host: HostName, written_until: datetime | None) -> None:
    """That exporting it is of use, before ACM counts an export."""
    if held["Status"] != _ISSUED:
        reason = f" ({held['FailureReason']})" if held.get("FailureReason") else ""
        raise LinkproofError(f"{place} is not issued: {held['Status']}{reason}", _to_be_issued(held))
    # the two spellings of one algorithm: of the request, and of what is described
    if held["KeyAlgorithm"].replace("-", "_") != "RSA_2048":
        raise LinkproofError(
            f"{place} has a key {held['KeyAlgorithm']}; KARTE takes RSA 2048 alone (RSA形式)",
            "request another certificate, with key algorithm RSA_2048",
        )
    names = held.get("SubjectAlternativeNames") or [held["DomainName"]]
    if list(map(str.lower, names)) != [host.text]:
        raise LinkproofError(
            f"{place} is for {', '.join(names)}; KARTE takes the one host {host}",
            f"request another certificate, for {host} and no other name",
        )
    if held.get("Options", {}).get("Export") != "ENABLED":
        raise LinkproofError(
            f"{place} was not requested as exportable, and never will be",
            "request another certificate, with the option Export ENABLED, and name its ARN",
        )
    if written_until is not None and held["NotAfter"] <= written_until:
        raise LinkproofError(
            f"{place} is not renewed yet: it ends {held['NotAfter']:%Y-%m-%d}, as the one that was exported before"
            f" (renewal: {held.get('RenewalEligibility', 'not said')})",
            "ACM renews an eligible certificate by itself while its validation record stands: run this again in some days;"
            " or renew it now (acm:RenewCertificate)",
        )


def _to_be_issued(held: Mapping[str, Any]) -> str:
    records = [one["ResourceRecord"] for one in held.get("DomainValidationOptions", ()) if one.get("ResourceRecord")]
    if held["Status"] != _PENDING or not records:
        return "request another certificate, and name its ARN"
    shown = "; ".join(f"{one['Name']} {one['Type']} {one['Value']}" for one in records)
    return f"publish {shown}, and let it stand: renewals ask for it too; then run this again"
