"""SSL click tracking, which SendGrid's support alone switches on: per account, and per subuser, for all of its links at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from linkproof.contract.declared import MANAGED, Link, Sender
from linkproof.contract.state import State
from linkproof.contract.support import ProvedLink
from linkproof.senders.sendgrid.items import ASSIGNMENT, BRANDING, brand_of


def missing(link: Link, state: State) -> Iterator[str]:
    """Of a managed link: that its brand is valid, and that its subusers have it."""
    if link.edge == MANAGED:
        yield "SendGrid terminates HTTPS for it (Auto SSL): whether support has to switch https on as well is not documented"
    if not link.sender.is_managed:
        return
    brand = state.find(BRANDING, brand_of(link.click_host.text))
    if brand is None:
        yield "its brand is not in the state"
    elif brand.outputs.get("isValid") is not True:
        yield "its brand was not valid when it was last read: run `pulumi refresh`"
    for username, key in (link.sender.options.manage.assign or {}).items():
        if key == link.key and state.find(ASSIGNMENT, f"{link.sender.account}/{username}") is None:
            yield f"subuser {username} does not have it yet"


def to_check(sender: Sender) -> tuple[str, ...]:
    """Of an account that is not managed nothing is asked, so its page alone shows these."""
    if sender.is_managed:
        return ()
    return (
        "that each brand is valid, and assigned to the account or subuser that sends: nothing here asks this account's API",
    )


def request(sender: Sender, links: Sequence[ProvedLink], verified_at: str) -> str:
    """In English, which is what support answers."""
    users = sorted({number for one in links if (number := _user(one.link)) is not None})
    subusers = _subusers(sender, [one.link.key for one in links])
    lines = [
        "Subject: please enable SSL click tracking",
        "",
        f"Please enable SSL click tracking for our account{_of(users)}.",
    ]
    if subusers:
        lines.append(f"Please enable it for these subusers as well, each of them separately: {', '.join(subusers)}.")
    known, assigned = (", validated before their CNAME was moved", "assigned, ") if sender.is_managed else ("", "")
    lines += ["", f"Branded links{known}; please do not validate them again, for their CNAME leads to a CDN now:"]
    for one in links:
        lines.append(
            f"  {one.link.click_host.text}: {assigned}its CNAME leads to {one.edge}, which forwards to SendGrid;"
            f" https answers with a certificate for this host until {one.certificate_until}"
        )
    return "\n".join([*lines, "", f"DNS and TLS of each were checked from outside on {verified_at}.", ""])


def _user(link: Link) -> str | None:
    number = link.owner_host.labels[0] if link.owner_host is not None else ""
    return number if number.isdigit() else None


def _of(users: Sequence[str]) -> str:
    return f" (user id {', '.join(users)})" if users else ""


def _subusers(sender: Sender, keys: Sequence[str]) -> list[str]:
    """That write with one of these links, as far as the file says it."""
    manage = getattr(sender.options, "manage", None)
    if manage is None:
        return []
    assigned = [name for name, key in (manage.assign or {}).items() if key in keys]
    return [*([manage.subuser] if manage.subuser else []), *assigned]
