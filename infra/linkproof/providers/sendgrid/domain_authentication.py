"""An authenticated domain, with its records by the API's own names for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import quote

from linkproof.errors import LinkproofError
from linkproof.providers.protocol.base import Patience, ProviderError, State
from linkproof.providers.protocol.schema import FLAG, NAME, TEXT, TEXT_SET, choice, obj, required
from linkproof.providers.protocol.values import Properties
from linkproof.providers.sendgrid.kind import Kind, exists
from linkproof.senders.sendgrid.api import SendGridError, UnknownOutcomeError, Waiting
from linkproof.senders.sendgrid.brands import found_or_none, joined_id, parted_id

TOKEN = "sendgrid:index:DomainAuthentication"
_ROOT = "whitelabel/domains"
_POSTS = 3
_PAGE, _MOST_PAGES = 50, 200
_WHY = "the API can change `default`, `customSpf` and the IP addresses of a domain, and nothing else"
_FIXED = ("domain", "subdomain", "automaticSecurity", "customDkimSelector", "region", "subuser")


class DomainAuthentication(Kind):
    """`automaticSecurity` gives three CNAMEs, and MX, SPF and the DKIM key without it.

    With `unusedElsewhere` a domain is not made whose DNS leads to another account of SendGrid's.
    """

    token = TOKEN
    schema = obj(
        {
            "domain": required(NAME),
            "subdomain": NAME,
            "default": FLAG,
            "automaticSecurity": FLAG.but(default=True),
            "customSpf": FLAG.but(default=False),
            "customDkimSelector": TEXT,
            "ips": TEXT_SET,
            "region": choice("us", "eu", default="us"),
            "subuser": TEXT,
            "unusedElsewhere": FLAG,
        }
    )
    computed = ("domainId", "userId", "host", "records", "isValid")
    volatile = ("isValid", "records")
    local = ("region", "customDkimSelector", "unusedElsewhere")
    fixed: ClassVar[dict[str, str]] = dict.fromkeys(_FIXED, _WHY)

    def problems(self, inputs: Properties) -> Iterator[tuple[str, str]]:
        yield from super().problems(inputs)
        selector = inputs.get("customDkimSelector")
        if isinstance(selector, str) and not (len(selector) <= 3 and selector.isalnum() and selector.isascii()):
            yield "customDkimSelector", "must be up to three letters or digits"

    def create(self, inputs: Properties, patience: Patience) -> State:
        """Raises:
        ProviderError: SendGrid refuses, the domain exists already, or another account has it.
        """
        subuser = str(inputs.get("subuser", ""))
        before = list(self._like(inputs, patience, subuser))
        if before and inputs.get("subdomain"):
            host = f"{inputs['subdomain']}.{inputs['domain']}"
            raise exists(f"an authenticated domain {host}", TOKEN, host, joined_id(subuser, before[0]["id"]))
        if inputs.get("unusedElsewhere"):
            self._refuse_used(str(inputs["domain"]), patience, subuser)
        known = {one["id"] for one in before}
        for _ in range(_POSTS):
            try:
                made = self.api.call("POST", _ROOT, patience, _body(inputs), subuser=subuser)
            except UnknownOutcomeError:
                made = None
            if isinstance(made, dict) and made.get("id"):
                return self._state(made, inputs, subuser)
            for one in self._like(inputs, self.session.last_look(), subuser):
                if one["id"] not in known:
                    return self._state(one, inputs, subuser)
        raise ProviderError("SendGrid did not make the domain, and did not say why", "run the same command again")

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        subuser, id_ = parted_id(resource_id)
        held = found_or_none(self.api, f"{_ROOT}/{id_}", self.session.reading(), subuser)
        return None if held is None else self._state(held, outputs, subuser)

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        subuser, id_ = parted_id(resource_id)
        held = found_or_none(self.api, f"{_ROOT}/{id_}", patience, subuser)
        if held is None:
            raise ProviderError(
                f"authenticated domain {resource_id} is gone", "run `pulumi refresh`, then see why it was deleted"
            )
        wanted: dict[str, Any] = {"custom_spf": bool(inputs.get("customSpf", False))}
        wanted |= {"default": inputs["default"]} if inputs.get("default") is not None else {}
        state = self._state(held, inputs, subuser)
        try:
            if any(bool(held.get(name)) != value for name, value in wanted.items()):
                held = self.api.call("PATCH", f"{_ROOT}/{id_}", patience, wanted, subuser=subuser)
            held = self._with_ips(held, set(inputs.get("ips") or ()), f"{_ROOT}/{id_}/ips", patience, subuser)
        except LinkproofError as error:
            raise self.after_post(state, error) from None
        return self._state(held, inputs, subuser)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        subuser, id_ = parted_id(resource_id)
        try:
            self.api.call("DELETE", f"{_ROOT}/{id_}", patience, subuser=subuser)
        except SendGridError as error:
            if error.status != 404:
                raise

    def _refuse_used(self, domain: str, patience: Patience, subuser: str) -> None:
        """By the DKIM names, without which no account sends from a domain with automatic security."""
        ours = {
            f"{str(record.get('data')).lower().rstrip('.')}."
            for one in self._like({"domain": domain}, patience, subuser)
            for record in (one.get("dns") or {}).values()
        }
        hosts = [f"{selector}._domainkey.{domain}" for selector in ("s1", "s2")]
        self.session.authorities.refuse_others(hosts, "sendgrid.net", ours, domain)

    def _with_ips(
        self, held: dict[str, Any], wanted: set[str], path: str, patience: Patience, subuser: str
    ) -> dict[str, Any]:
        """What is missing first, so that at no moment the domain has fewer addresses than both lists share."""
        there = {str(ip) for ip in held.get("ips") or ()}
        for ip in sorted(wanted - there):
            held = self.api.call("POST", path, patience, {"ip": ip}, subuser=subuser) or held
        for ip in sorted(there - wanted):
            held = self.api.call("DELETE", f"{path}/{quote(ip, safe='')}", patience, subuser=subuser) or held
        return held

    def _like(self, inputs: Properties, waiting: Waiting, subuser: str) -> Iterator[dict[str, Any]]:
        """Domains of the same name, and of the same host where the inputs say it."""
        for number in range(_MOST_PAGES):
            query = {"domain": str(inputs["domain"]), "limit": str(_PAGE), "offset": str(number * _PAGE)}
            found = self.api.call("GET", _ROOT, waiting, query=query, subuser=subuser)
            listed = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
            for one in listed:
                same = str(one.get("domain")).lower() == str(inputs["domain"]).lower()
                if same and inputs.get("subdomain") in (None, one.get("subdomain")):
                    yield one
            if len(listed) < _PAGE:
                return

    def _state(self, held: dict[str, Any], given: Properties, subuser: str) -> State:
        inputs: Properties = {
            "domain": held.get("domain"),
            "automaticSecurity": bool(held.get("automatic_security")),
            "customSpf": bool(held.get("custom_spf")),
            "ips": [str(ip) for ip in held.get("ips") or ()],
        }
        if not given or given.get("subdomain"):
            inputs["subdomain"] = held.get("subdomain")
        if not given or "default" in given:
            inputs["default"] = bool(held.get("default"))
        inputs |= {name: given[name] for name in self.local if name in given}
        if not given:
            inputs |= _read_off(held.get("dns") or {})
        inputs |= {"subuser": subuser} if subuser else {}
        records = {
            name: {"name": str(one.get("host")), "type": str(one.get("type")).upper(), "value": str(one.get("data"))}
            for name, one in (held.get("dns") or {}).items()
            if isinstance(one, dict) and one.get("host")
        }
        computed: Properties = {
            "domainId": str(held["id"]),
            "userId": str(held.get("user_id")),
            "host": f"{held.get('subdomain')}.{held.get('domain')}",
            "records": records,
            "isValid": held.get("valid") is True,
        }
        return State(joined_id(subuser, held["id"]), inputs, computed)


def _read_off(dns: dict[str, Any]) -> Properties:
    """What no member of an answer says, of a domain that is imported: its records do.

    SendGrid's own selectors are s1 and s2, and m1 without automatic security.
    """
    found: Properties = {}
    label = str((dns.get("dkim1") or dns.get("dkim") or {}).get("host")).partition(".")[0]
    selector = label[:-1] if "dkim1" in dns and label.endswith("1") else label
    if dns and selector not in ("s", "m1", "s1", "None"):
        found["customDkimSelector"] = selector
    if any(".eu." in str(one.get("data")) for one in dns.values() if isinstance(one, dict)):
        found["region"] = "eu"
    return found


def _body(inputs: Properties) -> dict[str, Any]:
    names = {
        "domain": "domain",
        "subdomain": "subdomain",
        "default": "default",
        "automaticSecurity": "automatic_security",
        "customSpf": "custom_spf",
        "customDkimSelector": "custom_dkim_selector",
        "ips": "ips",
    }
    body = {wire: inputs[name] for name, wire in names.items() if inputs.get(name) is not None}
    body.setdefault("automatic_security", True)
    return {**body, **({"region": "eu"} if inputs.get("region") == "eu" else {})}
