"""A mail's links as SES writes them: clicks through the set's redirect domain, a picture for opens at the end.

Which scheme: docs.aws.amazon.com/ses/latest/APIReference-V2/API_TrackingOptions.html. Link tags and `ses:no-track`:
docs.aws.amazon.com/ses/latest/dg/faqs-metrics.html. Neither attribute is in the mail that is delivered.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_ANCHOR = re.compile(r"<a\b[^>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\s+([a-zA-Z:_-]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+))?""")
_OWN = ("ses:tags", "ses:no-track")


@dataclass(frozen=True, slots=True)
class Tracking:
    """How a configuration set has links written.

    Args:
        policy: of HTTPS; None where the set has no redirect domain: SES's own host is written, by https.
    """

    host: str
    policy: str | None
    clicks: bool
    opens: bool

    def click_scheme(self, scheme: str) -> str:
        return scheme if self.policy in ("OPTIONAL", "REQUIRE_OPEN_ONLY") else "https"

    @property
    def open_scheme(self) -> str:
        return "http" if self.policy == "OPTIONAL" else "https"


def rewritten(
    text: str, tracking: Tracking, link: Callable[[str, Mapping[str, list[str]]], str], picture: Callable[[], str]
) -> str:
    """An HTML part with its tracked links.

    Args:
        link: the path that leads to a URL, whose tags it is told.
        picture: the path of the picture.
    """

    def anchor(found: re.Match[str]) -> str:
        attributes = {name.lower(): value.strip("\"'") for name, value in _ATTRIBUTE.findall(found[0])}
        url = html.unescape(attributes.get("href", ""))
        scheme = url.partition("://")[0].lower()
        left = "".join(part[0] for part in _ATTRIBUTE.finditer(found[0]) if part[1].lower() not in (*_OWN, "href"))
        if scheme in ("http", "https") and "ses:no-track" not in attributes:
            path = link(url, _tags(attributes.get("ses:tags", "")))
            url = f"{tracking.click_scheme(scheme)}://{tracking.host}{path}"
        return f'<a href="{html.escape(url)}"{left}>'

    if tracking.clicks:
        text = _ANCHOR.sub(anchor, text)
    if tracking.opens:
        text += f'<img alt="" src="{tracking.open_scheme}://{tracking.host}{picture()}" width="1" height="1">'
    return text


def _tags(written: str) -> dict[str, list[str]]:
    """`name:value;name:value;`"""
    pairs = [part.partition(":")[::2] for part in written.split(";") if part]
    return {name: [value] for name, value in pairs}
