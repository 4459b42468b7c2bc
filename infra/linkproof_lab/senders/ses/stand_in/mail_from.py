"""aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes."""

from __future__ import annotations

from urllib.parse import quote

from linkproof.providers.protocol.base import ApiError, Patience, ProviderError, State
from linkproof.providers.protocol.schema import TEXT, choice, obj, replacing, required
from linkproof.providers.protocol.values import Properties

from linkproof_lab.senders.ses.stand_in.client import SesV2
from linkproof_lab.vendors.aws.stand_in.region import Regional

_DEFAULT = "USE_DEFAULT_VALUE"


class MailFromAttributes(Regional):
    """Its id is the identity. An identity always has them: what is taken away goes back to SES's own host."""

    token = "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes"  # noqa: S105
    schema = obj(
        {
            "emailIdentity": required(replacing(TEXT)),
            "mailFromDomain": TEXT,
            "behaviorOnMxFailure": choice(_DEFAULT, "REJECT_MESSAGE", default=_DEFAULT),
            "region": replacing(TEXT),
        }
    )

    def __init__(self, ses: SesV2) -> None:
        super().__init__(ses.aws)
        self._ses = ses

    def create(self, inputs: Properties, patience: Patience) -> State:
        region, domain = self.region(inputs), str(inputs["emailIdentity"])
        body = {"BehaviorOnMxFailure": inputs.get("behaviorOnMxFailure") or _DEFAULT}
        body |= {"MailFromDomain": inputs["mailFromDomain"]} if inputs.get("mailFromDomain") else {}
        self._ses.call("PUT", f"{_path(domain)}/mail-from", region, body)
        state = self.read(domain, {"region": region})
        if state is None:
            raise ProviderError(f"identity {domain} is gone", "run `pulumi refresh`")
        return state

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        domain, region = self.id_and_region(resource_id, outputs)
        found = self._ses.found(_path(domain), region)
        if found is None:
            return None
        held = found["MailFromAttributes"]
        inputs: Properties = {"emailIdentity": domain, "region": region}
        inputs["behaviorOnMxFailure"] = held["BehaviorOnMxFailure"]
        if held.get("MailFromDomain"):
            inputs["mailFromDomain"] = held["MailFromDomain"]
        return State(domain, inputs)

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        return self.create(inputs, patience)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        try:
            self._ses.call("PUT", f"{_path(resource_id)}/mail-from", self.region(outputs), {})
        except ApiError as error:
            if error.code != "NotFoundException":
                raise


def _path(domain: str) -> str:
    return f"/v2/email/identities/{quote(domain, safe='')}"
