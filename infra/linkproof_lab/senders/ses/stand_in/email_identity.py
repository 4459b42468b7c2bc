"""aws:sesv2/emailIdentity:EmailIdentity."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from linkproof.providers.protocol.base import ApiError, Patience, State
from linkproof.providers.protocol.schema import TEXT, TEXT_MAP, choice, obj, replacing, required, words
from linkproof.providers.protocol.values import Properties

from linkproof_lab.senders.ses.stand_in.client import SesV2
from linkproof_lab.vendors.aws.stand_in.region import Regional, wire_tags

_PATH = "/v2/email/identities"


class EmailIdentity(Regional):
    """Its id is the domain. The provider does not wait for verification, and tells the tokens but not their zone."""

    token = "aws:sesv2/emailIdentity:EmailIdentity"  # noqa: S105
    schema = obj(
        {
            "emailIdentity": required(replacing(TEXT)),
            "dkimSigningAttributes": obj(
                {"nextSigningKeyLength": choice("RSA_1024_BIT", "RSA_2048_BIT")},
                elsewhere=words("domainSigningPrivateKey domainSigningSelector"),
            ),
            "region": replacing(TEXT),
            "tags": TEXT_MAP,
        },
        elsewhere=words("configurationSetName"),
    )
    computed = words("arn dkimSigningAttributes identityType tagsAll verificationStatus verifiedForSendingStatus")
    volatile = words("tagsAll verificationStatus verifiedForSendingStatus")

    def __init__(self, ses: SesV2) -> None:
        super().__init__(ses.aws)
        self._ses = ses

    def create(self, inputs: Properties, patience: Patience) -> State:
        region, domain = self.region(inputs), str(inputs["emailIdentity"])
        body: dict[str, Any] = {
            "EmailIdentity": domain,
            "DkimSigningAttributes": _wire(inputs),
            "Tags": wire_tags(self.tags(inputs)),
        }
        self._ses.call("POST", _PATH, region, {key: value for key, value in body.items() if value})
        return self._held(domain, region)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        domain, region = self.id_and_region(resource_id, outputs)
        found = self._ses.found(_path(domain), region)
        return None if found is None else self._state(domain, found, region)

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        region = self.region(inputs)
        before = self._held(resource_id, region)
        wanted = _wire(inputs)
        if wanted and wanted != _wire(before.inputs):
            body = {"SigningAttributesOrigin": "AWS_SES", "SigningAttributes": wanted}
            self._ses.call("PUT", f"{_path(resource_id)}/dkim/signing", region, body)
        fresh = self.new_tags(inputs, before.computed["tagsAll"])
        if fresh:
            self._ses.call("POST", "/v2/email/tags", region, {"ResourceArn": before.computed["arn"], "Tags": fresh})
        return self._held(resource_id, region)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        try:
            self._ses.call("DELETE", _path(resource_id), self.region(outputs))
        except ApiError as error:
            if error.code != "NotFoundException":
                raise

    def _held(self, domain: str, region: str) -> State:
        return self._state(domain, self._ses.call("GET", _path(domain), region), region)

    def _state(self, domain: str, found: dict[str, Any], region: str) -> State:
        dkim = found["DkimAttributes"]
        tags, own = self.read_tags(found.get("Tags") or ())
        length = dkim["NextSigningKeyLength"]
        inputs: Properties = {"emailIdentity": domain, "region": region}
        inputs["dkimSigningAttributes"] = {"nextSigningKeyLength": length}
        if own:
            inputs["tags"] = own
        computed: Properties = {
            "arn": f"arn:aws:ses:{region}:{self.aws.account()}:identity/{domain}",
            "dkimSigningAttributes": {
                "nextSigningKeyLength": length,
                "currentSigningKeyLength": dkim["CurrentSigningKeyLength"],
                "signingAttributesOrigin": dkim["SigningAttributesOrigin"],
                "status": dkim["Status"],
                "tokens": dkim["Tokens"],
            },
            "identityType": found["IdentityType"],
            "tagsAll": tags,
            "verificationStatus": found["VerificationStatus"],
            "verifiedForSendingStatus": found["VerifiedForSendingStatus"],
        }
        return State(domain, inputs, computed)


def _path(domain: str) -> str:
    return f"{_PATH}/{quote(domain, safe='')}"


def _wire(inputs: Properties) -> dict[str, str]:
    length = (inputs.get("dkimSigningAttributes") or {}).get("nextSigningKeyLength")
    return {"NextSigningKeyLength": length} if length else {}
