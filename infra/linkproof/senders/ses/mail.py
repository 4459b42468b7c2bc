"""What a mail needs so that its links are a link's, and its events reach the destinations with their dimensions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from linkproof.contract.declared import Link
from linkproof.errors import LinkproofError
from linkproof.senders.ses.facts import AUTO_TAGS

SET_HEADER, TAGS_HEADER = "X-SES-CONFIGURATION-SET", "X-SES-MESSAGE-TAGS"


@dataclass(frozen=True, slots=True)
class MailNeeds:
    """Of one configuration set.

    Args:
        host: what the mail's links are written with.
        is_https: whether its links are, as it is deployed in the link's phase.
        message_tags: by name, with the value that a mail without it is counted under. SES's own tags need none.
        headers: likewise.
        link_tags: likewise; they stand in the link's HTML.
        counts_clicks: whether links are rewritten at all: no destination wants clicks otherwise.
        counts_opens: likewise for the picture.
    """

    name: str
    region: str
    account: str
    host: str
    is_https: bool
    message_tags: Mapping[str, str]
    headers: Mapping[str, str]
    link_tags: Mapping[str, str]
    counts_clicks: bool
    counts_opens: bool

    def parameters(self, tags: Mapping[str, str]) -> dict[str, Any]:
        """Of SendEmail (SES v2), beside sender, receivers and content."""
        named = {**self.message_tags, **tags}
        emailed = [{"Name": name, "Value": value} for name, value in named.items()]
        return {"ConfigurationSetName": self.name, **({"EmailTags": emailed} if emailed else {})}

    def smtp_headers(self, tags: Mapping[str, str]) -> dict[str, str]:
        """Of a mail that goes by SMTP, or raw; SES takes the two of its own out of it."""
        named = ", ".join(f"{name}={value}" for name, value in {**self.message_tags, **tags}.items())
        return {SET_HEADER: self.name, **({TAGS_HEADER: named} if named else {}), **self.headers}


def needs_of(link: Link) -> list[MailNeeds]:
    """One for each configuration set that writes its links with this link's host.

    Raises:
        LinkproofError: the link is not Amazon SES's, or no declared configuration set names it.
    """
    sender = link.sender
    if sender.provider != "ses":
        raise LinkproofError(f"{link.key} is a link of {sender.provider}", "name a link of Amazon SES")
    manage = getattr(sender.options, "manage", None)
    declared: Mapping[str, Any] = (manage.configuration_sets if manage is not None else None) or {}
    found = [_needs(link, name, one) for name, one in declared.items() if one.link == link.key]
    if not found:
        raise LinkproofError(
            f"no configuration set of {sender.path} names the link {link.key}",
            f"declare one under {sender.path}.manage.configuration_sets with `link: {link.key}`",
        )
    return found


def _needs(link: Link, name: str, one: Any) -> MailNeeds:
    events: Sequence[Any] = [form for form in (one.events or {}).values() if form.enabled]
    wanted = {kind for form in events for kind in form.types}
    dimensions = [dimension for form in events for dimension in getattr(form, "dimensions", ())]
    return MailNeeds(
        name=name,
        region=link.sender.region,
        account=link.sender.account,
        host=link.click_host.text,
        is_https=link.phase == "secured" and one.https == "all",
        message_tags=dict(_named(dimensions, "message-tag")),
        headers=dict(_named(dimensions, "email-header")),
        link_tags=dict(_named(dimensions, "link-tag")),
        counts_clicks="click" in wanted,
        counts_opens="open" in wanted,
    )


def _named(dimensions: Sequence[Any], source: str) -> Iterator[tuple[str, str]]:
    for one in dimensions:
        if one.source == source and one.name not in AUTO_TAGS:
            yield one.name, one.default


def sample(needs: MailNeeds, tags: Mapping[str, str], sender: str, receiver: str, page: str) -> dict[str, Any]:
    """One test mail, as SendEmail takes it.

    Args:
        page: where its one link leads.
    """
    link_tags = "".join(f"{name}:{value};" for name, value in needs.link_tags.items())
    attribute = f' ses:tags="{escape(link_tags)}"' if link_tags else ""
    html = f'<p>A test of the links of {needs.name}: <a href="{escape(page)}"{attribute}>{escape(page)}</a></p>'
    simple: dict[str, Any] = {
        "Subject": {"Data": f"linkproof: {needs.name}"},
        "Body": {"Text": {"Data": f"A test of the links of {needs.name}: {page}\n"}, "Html": {"Data": html}},
    }
    if needs.headers:
        simple["Headers"] = [{"Name": name, "Value": value} for name, value in needs.headers.items()]
    return {
        "FromEmailAddress": sender,
        "Destination": {"ToAddresses": [receiver]},
        "Content": {"Simple": simple},
        **needs.parameters(tags),
    }
