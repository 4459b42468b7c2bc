"""aws:acm/certificateValidation:CertificateValidation: no object of its own, but the wait until a certificate is issued."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from linkproof.providers.protocol.base import Patience, ProviderError, ResourceType, State
from linkproof.providers.protocol.schema import NAME_SET, TEXT, obj, replacing, required
from linkproof.providers.protocol.values import Properties

from linkproof_lab.vendors.aws.stand_in.acm import Acm, region_of
from linkproof_lab.vendors.aws.stand_in.region import without_default

_HOPELESS = {"FAILED", "REVOKED", "EXPIRED", "INACTIVE"}


class CertificateValidation(ResourceType):
    """Created once the certificate is issued; its id is the moment of that."""

    token = "aws:acm/certificateValidation:CertificateValidation"  # noqa: S105
    schema = obj(
        {
            "certificateArn": required(replacing(TEXT)),
            "validationRecordFqdns": replacing(NAME_SET),
            "region": replacing(TEXT),
        }
    )
    computed = ("region",)
    local = ("validationRecordFqdns",)

    def __init__(self, acm: Acm) -> None:
        self._acm = acm

    def normal(self, inputs: Properties) -> Properties:
        return without_default(super().normal(inputs), self._acm.aws.region)

    def create(self, inputs: Properties, patience: Patience) -> State:
        arn = inputs["certificateArn"]
        region = inputs.get("region", self._acm.aws.region)
        certificate = self._acm.describe(arn, region)
        if certificate is None:
            raise ProviderError(
                f"there is no certificate {arn} in {region}", "give the certificate's own region to its validation"
            )
        _require_records(certificate, inputs.get("validationRecordFqdns"))

        def issued() -> dict[str, Any] | None:
            found = self._acm.describe(arn, region)
            status = "deleted" if found is None else found["Status"]
            if found is None or status in _HOPELESS:
                reason = (found or {}).get("FailureReason", "no reason given")
                raise ProviderError(
                    f"certificate {arn} will not be issued: {status}, {reason}",
                    "check the CAA records and the validation records of its names, then replace the certificate",
                )
            return found if status == "ISSUED" else None

        return _state(patience.until(f"issuing certificate {arn}", issued), inputs, region)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        arn = outputs.get("certificateArn", resource_id)
        region = outputs.get("region") or region_of(arn) or self._acm.aws.region
        found = self._acm.describe(arn, region)
        if found is None or found["Status"] != "ISSUED":
            return None  # as the real one: what is not issued needs a new wait
        return _state(found, {**outputs, "certificateArn": arn}, region)

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        return self.create(inputs, patience)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        """There is nothing to delete: the certificate is another resource."""


def _require_records(certificate: dict[str, Any], given: list[str] | None) -> None:
    """Refuse to wait for a validation that cannot come, because one of its records is not among those given."""
    if given is None:
        return
    names = {name.rstrip(".").lower() for name in given}
    for option in certificate.get("DomainValidationOptions", []):
        wanted = str(option.get("ResourceRecord", {}).get("Name", "")).rstrip(".").lower()
        if wanted and wanted not in names:
            raise ProviderError(
                f"validationRecordFqdns lacks {wanted}, which ACM wants for {option['DomainName']}",
                "create the record and add its fqdn",
            )


def _state(certificate: dict[str, Any], inputs: Properties, region: str) -> State:
    issued = datetime.fromtimestamp(certificate.get("IssuedAt", 0), UTC)
    kept: Properties = {name: inputs[name] for name in ("certificateArn", "validationRecordFqdns") if name in inputs}
    return State(issued.strftime("%Y-%m-%d %H:%M:%S +0000 UTC"), {**kept, "region": region})
