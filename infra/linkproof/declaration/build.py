"""From plain values with places to a Declaration: every problem of the shape is collected, nothing is raised.

An entry with a problem is built from what is left of it, so that the rules can speak about the rest at once; what the
rules then say about an unread key is dropped. A declaration with any error never leaves `load`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from linkproof import registry
from linkproof.canaries import Canary
from linkproof.contract.declared import (
    DEFAULT_ACCOUNT,
    EXTERNAL,
    CaaRecord,
    Edge,
    Link,
    Sender,
    Successor,
    TrackingHost,
    UniversalLinks,
    Zone,
)
from linkproof.contract.options import Form
from linkproof.declaration import form
from linkproof.declaration.hosts import parse_host
from linkproof.declaration.model import Declaration, VerifyDefaults
from linkproof.declaration.nodes import MOST_PROBLEMS, Tree
from linkproof.declaration.problem import Problem
from linkproof.declaration.shape import nearest, problem_of
from linkproof.names import HostName
from linkproof.show import show, show_value

_Form = TypeVar("_Form", bound=Form)

_SECTIONS: Final = ("zones", "senders", "edges", "links", "tracking_hosts")
_KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")
# Stand in for an unread word in an entry that is judged further; nothing is ever said about the word itself.
_STAND_IN: Final = {"sender": next(iter(form.FORMS["senders"])), "phase": "branded"}


@dataclass(slots=True)
class Built:
    """What could be built.

    Args:
        unread: the paths of keys and entries that have a problem of their shape.
        unread_zones: names of the zones among them, for no host may be called homeless because of them.
    """

    declaration: Declaration
    problems: list[Problem]
    unread: set[str]
    unread_zones: list[HostName] = field(default_factory=list)


class _Builder:
    def __init__(self, tree: Tree, name: str) -> None:
        self.tree = tree
        self.name = name
        self.problems: list[Problem] = []
        self.unread: set[str] = set(tree.broken)
        self.unread_zones: list[HostName] = []

    def build(self) -> Built:
        raw: dict[str, Any] = self.tree.value
        self.senders = self._senders(raw)
        top = self._entry(form.TopForm, {k: v for k, v in raw.items() if k not in _SECTIONS}, "")
        declaration = Declaration(
            file=self.name,
            lab=top.lab if top else False,
            nonce=top.nonce if top else None,
            zones=self._zones(raw),
            senders=self.senders,
            edges=self._edges(raw),
            links=self._links(raw),
            tracking_hosts=self._tracking_hosts(raw),
            verify=_verify(top.verify) if top and top.verify else VerifyDefaults(),
            places=self.tree.places,
        )
        return Built(declaration, self.problems, self.unread, self.unread_zones)

    # sections ---------------------------------------------------------------------------------
    def _zones(self, raw: dict[str, Any]) -> dict[str, Zone]:
        zones: dict[str, Zone] = {}
        for key, value in self._section(raw, "zones").items():
            path = f"zones.{key}"
            name = self._host(key, path)
            entry: Any = self._plugged("zones", value, path)
            if name is None:
                continue
            if entry is None:
                self.unread_zones.append(name)
                continue
            if name.text in zones:
                other = zones[name.text]
                message = (
                    f"the zone {name} is declared twice, first as {show(other.key)} at {self.tree.places[other.path]}"
                )
                self._say("zones.twice", path, message, "keep one of them")
                continue
            zones[name.text] = Zone(
                key=key,
                name=name,
                dns=entry.dns,
                id=entry.id,
                account=entry.account,
                propagation_seconds=registry.dns(entry.dns).facts.PROPAGATION_SECONDS
                if entry.propagation_seconds is None
                else entry.propagation_seconds,
                transfer_group=entry.transfer_group,
                dnssec=entry.dnssec,
                caa=None if entry.caa is None else tuple(CaaRecord(c.flags, c.tag, c.value) for c in entry.caa),
                options=entry,
            )
        return zones

    def _edges(self, raw: dict[str, Any]) -> dict[str, Edge]:
        edges = {}
        for key, value in self._section(raw, "edges").items():
            entry: Any = self._plugged("edges", value, self._keyed("edges", key))
            if entry:
                edges[key] = Edge(key, entry.provider, entry.account, entry)
        return edges

    def _senders(self, raw: dict[str, Any]) -> dict[str, Sender]:
        senders = {}
        for key, value in self._section(raw, "senders").items():
            path = self._keyed("senders", key)
            entry: Any = self._plugged("senders", value, path)
            if entry:
                senders[key] = Sender(key, entry.provider, path, entry.account, entry)
        return senders

    def _sender_of(self, entry: form.LinkForm, path: str) -> Sender | None:
        """The sender that a link names: one with an entry, or a provider's name alone with the link's own words."""
        said = {name: value for name in ("region", "account") if (value := getattr(entry, name)) is not None}
        declared = self.senders.get(entry.sender)
        if declared is not None:
            for name in said:
                message = f"the {name} is that of {declared.path}"
                self._say(
                    "sender.said-twice", f"{path}.{name}", message, f"remove it here, or say it in {declared.path}"
                )
            return declared
        if f"senders.{entry.sender}" in self.unread or "senders" in self.unread:
            return None
        forms = form.FORMS["senders"]
        if entry.sender not in forms:
            known = " or ".join(f"'{name}'" for name in [*self.senders, *forms])
            detail: Any = {
                "type": "literal_error",
                "loc": ("sender",),
                "input": entry.sender,
                "ctx": {"expected": known},
            }
            if not self._is_unread(f"{path}.sender"):
                self.problems.append(problem_of(detail, path, form.LinkForm, self.tree.places))
            self.unread.add(f"{path}.sender")
            return self._implied_sender(_STAND_IN["sender"], {}, path)
        return self._implied_sender(entry.sender, said, path)

    def _implied_sender(self, provider: str, said: dict[str, str], path: str) -> Sender | None:
        account = EXTERNAL if said.pop("account", "ours") == EXTERNAL else DEFAULT_ACCOUNT
        options = self._entry(form.FORMS["senders"][provider], {"provider": provider, "account": account, **said}, path)
        return None if options is None else Sender(provider, provider, path, account, options)

    def _links(self, raw: dict[str, Any]) -> dict[str, Link]:
        links = {}
        for key, value in self._section(raw, "links").items():
            path = self._keyed("links", key)
            entry = self._entry(form.LinkForm, value, path)
            if entry is None:
                continue
            click_host = self._host(entry.click_host, f"{path}.click_host")
            owner_host = self._host(entry.owner_host, f"{path}.owner_host") if entry.owner_host else None
            sender = self._sender_of(entry, path)
            if click_host is None or sender is None:
                self.unread.add(path)
                continue
            links[key] = Link(
                key=key,
                sender=sender,
                click_host=click_host,
                phase=entry.phase,
                owner_host=owner_host,
                edge=entry.edge,
                standby=entry.standby,
                ttl_seconds=entry.ttl_seconds,
                families=tuple(dict.fromkeys(entry.families or (4,))),
                record=entry.record,
                legacy=entry.legacy,
                own_https=None if entry.own_https is None else tuple(entry.own_https.items()),
                in_use=entry.in_use,
                successor=None if entry.successor is None else Successor(entry.successor.link, entry.successor.until),
                universal_links=_universal_links(entry.universal_links),
                canaries=tuple(Canary(one.url, one.leads_to) for one in entry.canaries or ()),
            )
        return links

    def _tracking_hosts(self, raw: dict[str, Any]) -> dict[str, TrackingHost]:
        hosts = {}
        for key, value in self._section(raw, "tracking_hosts").items():
            path = self._keyed("tracking_hosts", key)
            entry: Any = self._plugged("tracking_hosts", value, path)
            host = self._host(entry.host, f"{path}.host") if entry else None
            if entry and host:
                hosts[key] = TrackingHost(key, entry.provider, host, entry.ttl_seconds, entry.state, entry)
        return hosts

    # parts ------------------------------------------------------------------------------------
    def _section(self, raw: dict[str, Any], name: str) -> dict[str, Any]:
        section = raw.get(name)
        if section is None:  # absent, or every entry is commented out
            return {}
        if not isinstance(section, dict):
            self._say(
                "shape.value", name, f"expected a mapping, found {show_value(section)}", "write `KEY: {…}` below it"
            )
            self.unread.add(name)
            return {}
        return section

    def _keyed(self, section: str, key: str) -> str:
        path = f"{section}.{key}"
        if not _KEY.fullmatch(key):
            message = f"the key {show(key)} is not a word of letters, digits, hyphen and underscore"
            self._say(
                "shape.key", path, message, "rename it; a key is a label for people and changes nothing in the cloud"
            )
        return path

    def _host(self, text: str, path: str) -> HostName | None:
        host, problem = parse_host(text, path, nearest(path, self.tree.places))
        if problem:
            if path not in self.unread:
                self.problems.append(problem)
            self.unread.add(path)
        return host

    def _plugged(self, section: str, value: Any, path: str) -> Form | None:
        """An entry in the form of the plug-in that it names; the plug-in's name itself is judged first."""
        which, forms = form.DISCRIMINATORS[section], form.FORMS[section]
        named = value.get(which) if isinstance(value, dict) else None
        if not isinstance(value, dict):
            return self._entry(next(iter(forms.values())), value, path)
        if isinstance(named, str) and named in forms:
            return self._entry(forms[named], value, path)
        inner = f"{path}.{which}"
        known = " or ".join(f"'{name}'" for name in forms)
        detail: Any = {"type": "literal_error", "loc": (which,), "input": named, "ctx": {"expected": known}}
        if which not in value:
            detail = {"type": "missing", "loc": (which,), "input": value}
        if not self._is_unread(inner):
            self.problems.append(problem_of(detail, path, next(iter(forms.values())), self.tree.places))
        self.unread.add(inner)
        if section != "tracking_hosts":
            self.unread.add(path)
            return None
        # what is left of a tracking host can be judged: its name is a name whoever measures
        first = next(iter(forms))
        return self._entry(forms[first], {**value, which: first}, path)

    def _entry(self, kind: type[_Form], value: Any, path: str) -> _Form | None:
        """The entry as its form; after problems, what is left of it; None if nothing can be made of it."""
        try:
            return kind.model_validate(value)
        except ValidationError as error:
            wrong = error.errors(include_url=False)
        for detail in wrong:
            inner = ".".join([path, *map(str, detail["loc"])] if path else map(str, detail["loc"]))
            if not self._is_unread(inner) and len(self.problems) <= MOST_PROBLEMS:
                self.problems.append(problem_of(detail, path, kind, self.tree.places))
            self.unread.add(inner)
        if not isinstance(value, dict):
            return None
        names = {str(detail["loc"][0]) for detail in wrong if detail["loc"]}
        self.unread.update(f"{path}.{name}" if path else name for name in names)
        left = {k: v for k, v in value.items() if k not in names}
        stand_in = {name: _STAND_IN[name] for name in names & _STAND_IN.keys() if name in kind.model_fields}
        if "version" in names and kind is form.TopForm:
            left["version"] = "1"
        try:
            return kind.model_validate({**left, **stand_in})
        except ValidationError:
            self.unread.add(path)
            return None

    def _is_unread(self, path: str) -> bool:
        while path:
            if path in self.unread:
                return True
            path = path.rpartition(".")[0]
        return False

    def _say(self, rule: str, path: str, message: str, fix: str) -> None:
        self.problems.append(Problem(rule, nearest(path, self.tree.places), path, message, fix))


def _universal_links(entry: form.UniversalLinksForm | None) -> UniversalLinks | None:
    if entry is None:
        return None
    apple, android = (None if apps is None else tuple(apps) for apps in (entry.apple, entry.android))
    return UniversalLinks(apple, android, entry.path)


def _verify(entry: form.VerifyForm) -> VerifyDefaults:
    return VerifyDefaults(
        resolvers=tuple(entry.resolvers),
        hints=entry.hints,
        dns_port=entry.dns_port,
        http_port=entry.http_port,
        https_port=entry.https_port,
        ca=entry.ca,
    )


def build(tree: Tree, name: str) -> Built:
    """Build what can be built from a tree whose value is a mapping."""
    return _Builder(tree, name).build()
