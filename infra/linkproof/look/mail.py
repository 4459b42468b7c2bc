"""A saved mail: whose links it has, and by which scheme. No link is ever followed."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from linkproof.look.inputs import InvalidInputError, host_of, read_bounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from email.message import EmailMessage

_URL: Final = re.compile(r"https?://[^\s<>\"'()\[\]{}|\\^`]+", re.IGNORECASE)
# Where a mail's HTML names what is clicked, and what is loaded when it is opened.
_CLICKED: Final = {("a", "href"), ("area", "href"), ("form", "action")}
_LOADED: Final = {
    ("img", "src"),
    ("body", "background"),
    ("td", "background"),
    ("table", "background"),
    ("link", "href"),
}
_MOST_LINKS: Final = 100_000


@dataclass(slots=True)
class MailHost:
    """How often a mail names a host.

    Args:
        http, https: links that are clicked, by scheme.
        images: what is loaded when the mail is opened, open pixels among it.
    """

    http: int = 0
    https: int = 0
    images: int = 0


@dataclass(slots=True)
class Mail:
    """One saved mail.

    Args:
        hosts: by name, in the order in which the mail has them.
        unread: links with a host that is none.
    """

    file: str
    hosts: dict[str, MailHost] = field(default_factory=dict)
    unread: int = 0


def read_mail(file: str) -> Mail:
    """The hosts of a mail's links, from a saved message (RFC 5322) or a page of HTML.

    Raises:
        InvalidInputError: it cannot be read, or has no link at all.
    """
    content = read_bounded(file)
    mail = Mail(file)
    for kind, url in _links(content):
        _count(mail, kind, url)
    if not mail.hosts:
        raise InvalidInputError(
            f"{file}: no link was found in it", "save the mail as a file (.eml, “show original”), or its HTML"
        )
    return mail


def _count(mail: Mail, kind: str, url: str) -> None:
    try:
        host = host_of(url)
    except InvalidInputError:
        mail.unread += 1
        return
    counted = mail.hosts.setdefault(host, MailHost())
    if kind == "image":
        counted.images += 1
    elif urlsplit(url).scheme.lower() == "https":
        counted.https += 1
    else:
        counted.http += 1


def _links(content: bytes) -> Iterator[tuple[str, str]]:
    head = content.lstrip()[:200].lower()
    if head.startswith(b"<"):
        yield from _of_html(content.decode("utf-8", "replace"))
        return
    message: EmailMessage = email.message_from_bytes(content, policy=email.policy.default)
    seen = 0
    for part in message.walk():
        kind = part.get_content_type()
        if part.is_multipart() or kind not in ("text/html", "text/plain"):
            continue
        text = _text_of(part)
        for link in _of_html(text) if kind == "text/html" else _of_text(text):
            seen += 1
            if seen > _MOST_LINKS:
                return
            yield link


def _text_of(part: EmailMessage) -> str:
    """Decoded as the part says; what the part says may be wrong."""
    payload = part.get_payload(decode=True)
    octets = payload if isinstance(payload, bytes) else b""
    try:
        return octets.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return octets.decode("utf-8", "replace")


def _of_text(text: str) -> Iterable[tuple[str, str]]:
    return [("click", match[0].rstrip(".,;:!?")) for match in _URL.finditer(text)]


def _of_html(text: str) -> Iterable[tuple[str, str]]:
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            url = (value or "").strip()
            if not _URL.match(url):
                continue
            if (tag, name) in _CLICKED:
                self.found.append(("click", url))
            elif (tag, name) in _LOADED:
                self.found.append(("image", url))
