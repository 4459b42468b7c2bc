"""A branded link. Making it changes no mail: that begins with its validation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from linkproof.errors import LinkproofError
from linkproof.providers.protocol.base import Patience, ProviderError, State
from linkproof.providers.protocol.schema import FLAG, NAME, NUMBER, TEXT, choice, obj, required
from linkproof.providers.protocol.values import Properties
from linkproof.providers.sendgrid.kind import Kind, exists, was_refused
from linkproof.senders.sendgrid.api import SendGridError, UnknownOutcomeError
from linkproof.senders.sendgrid.brands import CLICK, LINKS, joined_id, link_by_id, links_at, parted_id, records_of
from linkproof.senders.sendgrid.facts import AUTO_SSL_ROLES

TOKEN = "sendgrid:index:LinkBranding"
_PROPAGATION_SECONDS = 60
_POSTS = 3
_WHY = "the API can change `default` of a branded link and nothing else"


class LinkBranding(Kind):
    """`valid` says that the brand must be valid already, as it must once its click host has moved: then it is only read."""

    token = TOKEN
    schema = obj(
        {
            "domain": required(NAME),
            "subdomain": required(NAME),
            "default": FLAG,
            "region": choice("us", "eu", default="us"),
            "autoSsl": FLAG.but(default=False),
            "subuser": TEXT,
            "valid": FLAG,
            "propagationSeconds": NUMBER,
            "expectedOwner": NAME,
            "expectedTarget": NAME,
        }
    )
    local = ("propagationSeconds", "region", "autoSsl", "expectedOwner", "expectedTarget")
    computed = (
        "linkId", "userId", "username", "legacy", "isDefault", "isValid", "records",
        "clickHost", "clickTarget", "ownerHost", "ownerTarget",
    )  # fmt: skip
    volatile = ("isDefault", "isValid")
    fixed: ClassVar[dict[str, str]] = dict.fromkeys(("domain", "subdomain", "region", "autoSsl", "subuser"), _WHY)

    def problems(self, inputs: Properties) -> Iterator[tuple[str, str]]:
        yield from super().problems(inputs)
        if inputs.get("autoSsl") is True and inputs.get("region") == "eu":
            yield "autoSsl", "SendGrid documents Auto SSL for links of the US region alone"
        if inputs.get("autoSsl") is True and inputs.get("subuser"):
            yield "autoSsl", "SendGrid does not document Auto SSL for links of a subuser"

    def create(self, inputs: Properties, patience: Patience) -> State:
        """Look, then make it; a call whose outcome is not known is looked after before anything else.

        Raises:
            ProviderError: the host has a brand already, or it would have to be valid already.
        """
        host, subuser = f"{inputs['subdomain']}.{inputs['domain']}".lower(), str(inputs.get("subuser", ""))
        before = list(links_at(self.api, patience, host, subuser))
        if before:
            id_ = joined_id(subuser, before[0]["id"])
            raise exists(f"a branded link of {host}", TOKEN, host, id_)
        if inputs.get("valid") is True:
            raise ProviderError(
                f"{host} has no brand, and its phase needs a valid one: made now it could not be validated without moving the click host back",
                "begin with `phase: branded`, which makes and validates it; or import the brand, if another user of the account has it",
            )
        for _ in range(_POSTS):
            made = self._post(inputs, host, subuser, patience)
            if made is not None:
                state = self._state(made, inputs, subuser)
                differs = _unexpected(state.computed, inputs)
                if differs:
                    raise self.after_post(state, ProviderError(*differs))
                return state
        raise ProviderError(
            f"SendGrid did not make the branded link of {host}, and did not say why", "run the same command again"
        )

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        subuser, _ = parted_id(resource_id)
        link = link_by_id(self.api, self.session.reading(), resource_id)
        return None if link is None else self._state(link, outputs, subuser)

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        """`default` alone is written.

        Raises:
            ProviderError: the brand is gone, or must be valid and is not.
            InitFailedError: whether the change was made is not known.
        """
        subuser, id_ = parted_id(resource_id)
        link = link_by_id(self.api, patience, resource_id)
        if link is None:
            raise ProviderError(
                f"branded link {resource_id} is gone", "run `pulumi refresh`, then see why it was deleted"
            )
        wanted = inputs.get("default")
        if wanted is not None and bool(link.get("default")) != wanted:
            try:
                link = self.api.call("PATCH", f"{LINKS}/{id_}", patience, {"default": wanted}, subuser=subuser)
            except LinkproofError as error:
                if was_refused(error):
                    raise
                raise self.after_post(State(resource_id, inputs, _kept(old_outputs, self.computed)), error) from None
        if inputs.get("valid") is True and link.get("valid") is not True:
            raise ProviderError(
                f"the brand of {host_shown(link)} is not valid at SendGrid: mails go without it, their links at sendgrid.net",
                "step back to `branded`, where it is validated once its click host is at the sender again; never press Verify before",
            )
        state = self._state(link, inputs, subuser)
        differs = _unexpected(state.computed, inputs)
        if differs:
            raise ProviderError(*differs)
        return state

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        """Raises:
        ProviderError: the click host still leads somewhere after the zone had its time.
        """
        subuser, id_ = parted_id(resource_id)
        link = link_by_id(self.api, patience, resource_id)
        if link is None:
            return
        click = records_of(link).get(CLICK)
        if click is not None:
            seconds = float(outputs.get("propagationSeconds", _PROPAGATION_SECONDS))
            here = Patience(min(seconds, patience.left_seconds()), self.session.cancelled)
            self.session.authorities.wait_until_gone({click["name"]: click["value"]}, here)
        try:
            self.api.call("DELETE", f"{LINKS}/{id_}", patience, subuser=subuser)
        except SendGridError as error:
            if error.status != 404:
                raise

    def _post(self, inputs: Properties, host: str, subuser: str, patience: Patience) -> dict[str, Any] | None:
        """What was made; None where it certainly was not, and may be tried again."""
        body = {"domain": inputs["domain"], "subdomain": inputs["subdomain"], "region": inputs.get("region", "us")}
        body |= {"default": inputs["default"]} if inputs.get("default") is not None else {}
        body |= {"auto_ssl": True} if inputs.get("autoSsl") else {}
        try:
            made = self.api.call("POST", LINKS, patience, body, subuser=subuser)
        except UnknownOutcomeError:
            made = None
        if isinstance(made, dict) and made.get("id"):
            return made
        # nobody had this host a moment ago: what is there now is what this call has made
        try:
            return next(links_at(self.api, self.session.last_look(), host, subuser), None)
        except LinkproofError as error:
            raise ProviderError(
                f"whether the branded link of {host} was made is not known: {error}",
                "run the same command again: it looks first, and prints how to import what it finds",
            ) from None

    def _state(self, link: dict[str, Any], given: Properties, subuser: str) -> State:
        """Args:
        given: inputs, or outputs of before: what is in the state alone, and which of the vendor's own values are wanted.
        """
        inputs: Properties = {"domain": link.get("domain"), "subdomain": link.get("subdomain")}
        inputs |= {"subuser": subuser} if subuser else {}
        if "default" in given or not given:
            inputs["default"] = bool(link.get("default"))
        if "valid" in given or (not given and link.get("valid")):
            inputs["valid"] = bool(link.get("valid"))
        inputs |= {name: given[name] for name in self.local if name in given}
        records = records_of(link)
        if not given and any(role not in (CLICK, "owner") for role in records):
            inputs["autoSsl"] = True
        if not given and "eu." in "".join(record["value"] for record in records.values()):
            inputs["region"] = "eu"
        computed: Properties = {
            "linkId": str(link["id"]),
            "userId": str(link.get("user_id")),
            "username": str(link.get("username") or ""),
            "legacy": bool(link.get("legacy")),
            "isDefault": bool(link.get("default")),
            "isValid": bool(link.get("valid")),
            "records": records,
        }
        for role in ("click", "owner"):
            if role in records:
                computed |= {f"{role}Host": records[role]["name"], f"{role}Target": records[role]["value"]}
        return State(joined_id(subuser, link["id"]), inputs, computed)


def _unexpected(computed: Properties, inputs: Properties) -> tuple[str, str] | None:
    """How the API's records differ from what the program publishes; None where they do not."""
    owner, target = inputs.get("expectedOwner"), inputs.get("expectedTarget")
    lacking = [role for role in AUTO_SSL_ROLES.values() if role not in computed["records"]]
    if inputs.get("autoSsl") is True and lacking:
        return (
            f"SendGrid has no Auto SSL for this link: its answer names no record {', '.join(lacking)}",
            "it is switched on when a link is made, and for no other that is documented: take another click host, or an edge of yours",
        )
    if inputs.get("autoSsl") is not True and len(lacking) < len(AUTO_SSL_ROLES):
        return (
            "SendGrid terminates HTTPS for this link (Auto SSL), and it is declared as a plain one",
            "write `edge: managed`; or `own_https: {}` beside the edge that the click host stands at",
        )
    if owner is not None and computed.get("ownerHost") not in (None, owner):
        return (
            f"SendGrid's owner host is {computed['ownerHost']}, and {owner} is declared",
            f"write `owner_host: {computed['ownerHost']}`, or leave it out",
        )
    if target is not None and computed.get("clickTarget") not in (None, target):
        return (
            f"SendGrid's target is {computed['clickTarget']}, and the click host is published with {target}",
            "write the account's own `region` under `senders:`",
        )
    return None


def host_shown(link: dict[str, Any]) -> str:
    return f"{link.get('subdomain')}.{link.get('domain')}"


def _kept(outputs: Properties, names: tuple[str, ...]) -> Properties:
    return {name: outputs[name] for name in names if name in outputs}
