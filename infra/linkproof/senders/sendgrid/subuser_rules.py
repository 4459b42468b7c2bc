"""Rules of `manage.subusers`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from linkproof.contract.rules import Fault, SenderRule, SenderView, rule
from linkproof.senders.sendgrid.domain_rules import is_address, is_ipv4
from linkproof.senders.sendgrid.options import SubuserForm
from linkproof.show import show

SUBUSER_RULES: list[SenderRule] = []
# What stands before an id of ours, in the path of a call and in a name of the engine's: no `/`, and nothing invisible.
_NAME = re.compile(r"[A-Za-z0-9._@+-]{1,64}")


@rule(
    SUBUSER_RULES,
    "sendgrid.subuser",
    because="a subuser's name is one at all of SendGrid, and is the account's; the API takes an address, a password and IPv4 addresses for"
    " one that it makes (https://www.twilio.com/docs/sendgrid/api-reference/subusers-api/create-subuser)",
)
def subusers(view: SenderView) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for sender in view.managed:
        for name, form in (sender.options.manage.subusers or {}).items():
            path = f"{sender.path}.manage.subusers.{name}"
            if not _NAME.fullmatch(name):
                message = f"{show(name)} is no subuser's name that linkproof can write into a path"
                yield Fault(path, message, "letters, digits and . _ @ + - alone, 64 at most")
                continue
            other = first.setdefault(name.lower(), path)
            if other != path:
                yield Fault(path, f"{other} has this subuser already", "keep one of them")
                continue
            yield from _of_form(path, name, form)


def _of_form(path: str, name: str, form: SubuserForm) -> Iterator[Fault]:
    if not form.is_made:
        for key in ("ips", "disabled"):
            if getattr(form, key) is not None:
                message = f"{show(name)} has no `email`, so it is looked up and nothing of it is changed"
                yield Fault(
                    f"{path}.{key}", message, f"remove `{key}`; or write `email`, and this stack makes the subuser"
                )
        return
    if not is_address(form.email or ""):
        yield Fault(f"{path}.email", f"{show(form.email or '')} is no mail address", "write it as mail@example.com")
    for ip in form.ips or ():
        if not is_ipv4(ip):
            yield Fault(
                f"{path}.ips", f"{show(ip)} is no IPv4 address", "copy it from the console's page of IP addresses"
            )
