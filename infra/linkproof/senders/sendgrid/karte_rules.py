"""Rules of `manage.karte`: what KARTE's guide asks of a domain, of keys and of tracking."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from linkproof.contract.declared import Sender
from linkproof.contract.rules import Fault, SenderRule, SenderView, rule
from linkproof.senders.sendgrid.domain_rules import faults_of, is_address
from linkproof.senders.sendgrid.karte import NAME
from linkproof.senders.sendgrid.options import KarteForm
from linkproof.show import show

KARTE_RULES: list[SenderRule] = []
_HOOK_HOST = "t.karte.io"


@rule(KARTE_RULES, "sender.karte-address", because="KARTE's plugin page takes an address: local part, @, domain")
def karte_address(view: SenderView) -> Iterator[Fault]:
    for sender, form in _declared(view):
        for key in ("from_address", "reply_to", "notify"):
            value = getattr(form, key)
            if value is not None and not is_address(value):
                yield Fault(
                    f"{_path(sender)}.{key}", f"{show(value)} is no mail address", "write it as info@mail.example.com"
                )


@rule(
    KARTE_RULES,
    "sender.karte-domain",
    because="SendGrid asks for three CNAMEs at the domain of 送信アドレス, and for a subdomain that no branded link has",
)
def karte_domain(view: SenderView) -> Iterator[Fault]:
    for sender, form in _declared(view):
        if form.subdomain is None or not is_address(form.from_address):
            continue
        named = f"the domain of `from_address`, {show(form.domain)},"
        more = "; where the domain is authenticated already, remove `subdomain`"
        yield from faults_of(view, f"{_path(sender)}.subdomain", form.domain, form.subdomain, named, more)


@rule(
    KARTE_RULES,
    "sender.karte-domain-shared",
    because="KARTE's guide: the domain is one that no other SendGrid account sends from",
)
def karte_domain_shared(view: SenderView) -> Iterator[Fault]:
    first: dict[str, Sender] = {}
    for sender, form in _declared(view):
        other = first.setdefault(form.domain, sender)
        if (other.account, other.region) != (sender.account, sender.region):
            message = f"{other.path} sends from {show(form.domain)} as well, by account {other.account}"
            fix = "take a domain or subdomain of its own; entries of one account may share theirs"
            yield Fault(f"{_path(sender)}.from_address", message, fix)


@rule(
    KARTE_RULES,
    "sender.karte-keys",
    because="the guide's change of a key: a new one is made, KARTE is given it, then the old one goes; so at most two, each once",
)
def karte_keys(view: SenderView) -> Iterator[Fault]:
    for sender, form in _declared(view):
        if len(set(form.keys)) != len(form.keys):
            yield Fault(f"{_path(sender)}.keys", "the same word twice is one key", "give the new key another word")
        own = sender.options.manage.api_keys or {}
        for word in form.keys:
            if f"{NAME}-{word}" in own:
                fix = "remove it: `karte` makes its keys itself"
                yield Fault(
                    f"{sender.path}.manage.api_keys.{NAME}-{word}", "KARTE's plugin has a key of this name", fix
                )


@rule(
    KARTE_RULES,
    "sender.karte-tracking",
    because="KARTE counts the clicks that SendGrid's event webhook tells it, and without click tracking there is none",
)
def karte_tracking(view: SenderView) -> Iterator[Fault]:
    for sender, form in _declared(view):
        if form.click_tracking and sender.options.manage.click_tracking is False:
            message = "KARTE is to measure clicks, and `manage.click_tracking` switches them off at SendGrid"
            fix = "write `click_tracking: false` here too, or remove it there"
            yield Fault(f"{_path(sender)}.click_tracking", message, fix, "warning")


@rule(
    KARTE_RULES,
    "sender.karte-url",
    because="the URL of KARTE's hook has a key in it, which belongs into no file",
)
def karte_url(view: SenderView) -> Iterator[Fault]:
    for sender in view.managed:
        for name, one in (sender.options.manage.event_webhooks or {}).items():
            parts = urlsplit(one.url)
            if parts.hostname == _HOOK_HOST and parts.path.startswith("/hook/"):
                yield Fault(
                    f"{sender.path}.manage.event_webhooks.{name}.url",
                    "this URL holds KARTE's API key, and the file is no place for it",
                    f"remove the entry, write `karte:` below `manage`, and give the key with `pulumi config set --secret --path linkproof:secrets.{sender.account}.karteApiKey`",
                )


def _declared(view: SenderView) -> Iterator[tuple[Sender, KarteForm]]:
    for sender in view.managed:
        if sender.options.manage.karte is not None:
            yield sender, sender.options.manage.karte


def _path(sender: Sender) -> str:
    return f"{sender.path}.manage.karte"
