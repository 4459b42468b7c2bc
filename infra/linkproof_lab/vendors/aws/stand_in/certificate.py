"""aws:acm/certificate:Certificate."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from typing import Any

from linkproof.providers.protocol.base import ApiError, InitFailedError, Patience, ProviderError, ResourceType, State
from linkproof.providers.protocol.schema import NAME, NAME_SET, TEXT, TEXT_MAP, choice, obj, problems, replacing, words
from linkproof.providers.protocol.values import Properties

from linkproof_lab.vendors.aws.stand_in.acm import Acm, moment, region_of
from linkproof_lab.vendors.aws.stand_in.region import without_default

_KEYS = ("RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1")


class Certificate(ResourceType):
    """A requested certificate; created as soon as ACM names its validation records, not when it is issued."""

    token = "aws:acm/certificate:Certificate"  # noqa: S105
    schema = obj(
        {
            "domainName": replacing(NAME),
            "subjectAlternativeNames": replacing(NAME_SET),
            "validationMethod": replacing(choice("DNS", "EMAIL")),
            "keyAlgorithm": replacing(choice(*_KEYS, default="RSA_2048")),
            "options": obj(
                {
                    "certificateTransparencyLoggingPreference": choice("ENABLED", "DISABLED", default="ENABLED"),
                    "export": choice("ENABLED", "DISABLED", default="DISABLED"),
                }
            ),
            "region": replacing(TEXT),
            "tags": TEXT_MAP,
        },
        elsewhere=words(
            "certificateAuthorityArn certificateBody certificateChain earlyRenewalDuration privateKey privateKeyWo "
            "privateKeyWoVersion validationOptions"
        ),
    )
    computed = words(
        "arn domainValidationOptions keyAlgorithm notAfter notBefore options pendingRenewal region renewalEligibility renewalSummaries "
        "status subjectAlternativeNames tagsAll type validationEmails"
    )
    volatile = ("tagsAll",)
    default_seconds = 300

    def __init__(self, acm: Acm) -> None:
        self._acm = acm

    def problems(self, inputs: Properties) -> Iterator[tuple[str, str]]:
        yield from problems(self.schema, inputs)
        for name in ("domainName", "validationMethod"):
            if name not in inputs:
                yield name, "missing: this stand-in issues certificates, it does not import them"
        if inputs.get("validationMethod") == "EMAIL":
            yield "validationMethod", "the lab validates by DNS only"

    def normal(self, inputs: Properties) -> Properties:
        """The domain is one of its own alternative names, said or not; the default region need not be said."""
        result = super().normal(inputs)
        if "subjectAlternativeNames" in result and isinstance(result["subjectAlternativeNames"], list):
            names = [name for name in result["subjectAlternativeNames"] if name != result.get("domainName")]
            result["subjectAlternativeNames"] = names
            if not names:
                del result["subjectAlternativeNames"]
        return without_default(result, self._acm.aws.region)

    def create(self, inputs: Properties, patience: Patience) -> State:
        region = inputs.get("region", self._acm.aws.region)
        options = inputs.get("options") or {}
        tags = {**self._acm.aws.default_tags, **inputs.get("tags", {})}
        request = {
            "DomainName": inputs["domainName"],
            "SubjectAlternativeNames": inputs.get("subjectAlternativeNames"),
            "ValidationMethod": inputs["validationMethod"],
            "KeyAlgorithm": inputs.get("keyAlgorithm"),
            "IdempotencyToken": hashlib.sha256(uuid.uuid4().bytes).hexdigest()[:32],
            "Options": _wire_options(options) if options else None,
            "Tags": [{"Key": key, "Value": value} for key, value in tags.items()] or None,
        }
        answer = self._acm.aws.acm("RequestCertificate", {k: v for k, v in request.items() if v is not None}, region)
        return self._named(answer["CertificateArn"], inputs, patience)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        region = outputs.get("region") or region_of(resource_id) or self._acm.aws.region
        found = self._acm.describe(resource_id, region)
        return None if found is None else self._state(found, region, self._acm.tags(resource_id, region))

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        region = inputs.get("region", self._acm.aws.region)
        state = self.read(resource_id, old_outputs)
        if state is None:
            raise ProviderError(
                f"certificate {resource_id} is gone", "run `pulumi refresh`, which removes it from the state"
            )
        held = state.inputs["options"]
        wanted = {
            "certificateTransparencyLoggingPreference": "ENABLED",
            "export": "DISABLED",
            **(inputs.get("options") or {}),
        }
        if held != wanted:
            self._acm.aws.acm(
                "UpdateCertificateOptions", {"CertificateArn": resource_id, "Options": _wire_options(wanted)}, region
            )
        tags = {**self._acm.aws.default_tags, **inputs.get("tags", {})}
        self._acm.set_tags(resource_id, region, state.computed["tagsAll"], tags)
        return self._named(resource_id, inputs, patience)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        region = outputs.get("region") or region_of(resource_id) or self._acm.aws.region

        def gone() -> bool | None:
            try:
                self._acm.aws.acm("DeleteCertificate", {"CertificateArn": resource_id}, region)
            except ApiError as error:
                if error.code == "ResourceNotFoundException":
                    return True
                # An edge that has just been deleted holds its certificate for a while.
                if error.code != "ResourceInUseException" or patience.left_seconds() == 0:
                    raise
                return None
            return True

        patience.until(f"deleting certificate {resource_id}", gone)

    def _named(self, arn: str, inputs: Properties, patience: Patience) -> State:
        """Wait until ACM has named the validation records, a few seconds after the request."""
        region = inputs.get("region", self._acm.aws.region)

        def named() -> dict[str, Any] | None:
            found = self._acm.describe(arn, region)
            options = (found or {}).get("DomainValidationOptions", [])
            return found if options and all("ResourceRecord" in option for option in options) else None

        try:
            found = patience.until(f"naming the validation records of {arn}", named)
            return self._state(found, region, self._acm.tags(arn, region))
        except ProviderError as error:
            raise InitFailedError(State(arn, {}, {"arn": arn, "region": region}), str(error)) from error

    def _state(self, found: dict[str, Any], region: str, tags: dict[str, str]) -> State:
        options = found.get("Options", {})
        renewal = found.get("RenewalSummary")
        defaults = self._acm.aws.default_tags
        inputs: Properties = {
            "domainName": found["DomainName"],
            "subjectAlternativeNames": found.get("SubjectAlternativeNames", []),
            "validationMethod": next(
                (o.get("ValidationMethod", "DNS") for o in found.get("DomainValidationOptions", [])), "DNS"
            ),
            "keyAlgorithm": str(found.get("KeyAlgorithm", "RSA_2048")).replace("-", "_"),
            "options": {
                "certificateTransparencyLoggingPreference": options.get(
                    "CertificateTransparencyLoggingPreference", "ENABLED"
                ),
                "export": options.get("Export", "DISABLED"),
            },
            "region": region,
            "tags": {key: value for key, value in tags.items() if defaults.get(key) != value},
        }
        computed: Properties = {
            "arn": found["CertificateArn"],
            "subjectAlternativeNames": found.get("SubjectAlternativeNames", []),
            "domainValidationOptions": [_validation(option) for option in found.get("DomainValidationOptions", [])],
            "status": found["Status"],
            "type": found.get("Type", "AMAZON_ISSUED"),
            "notAfter": moment(found.get("NotAfter")),
            "notBefore": moment(found.get("NotBefore")),
            "pendingRenewal": False,
            "renewalEligibility": found.get("RenewalEligibility", "INELIGIBLE"),
            "renewalSummaries": [{"renewalStatus": renewal["RenewalStatus"]}] if renewal else [],
            "tagsAll": tags,
            "validationEmails": [],
        }
        return State(found["CertificateArn"], inputs, computed)


def _validation(option: dict[str, Any]) -> Properties:
    record = option.get("ResourceRecord", {})
    return {
        "domainName": option["DomainName"],
        "resourceRecordName": record.get("Name"),
        "resourceRecordType": record.get("Type"),
        "resourceRecordValue": record.get("Value"),
    }


def _wire_options(options: Properties) -> dict[str, str]:
    return {name[0].upper() + name[1:]: value for name, value in options.items()}
