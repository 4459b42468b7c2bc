"""A saved mail: whose links it has, and by which scheme. No link is ever followed."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import islice
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
# Read by programs, as they stand: for one-click unsubscribe (RFC 8058), and by SendGrid, SparkPost and Amazon SES.
_FOR_PROGRAMS: Final = (
    "List-Unsubscribe",
    "X-SMTPAPI",
    "X-MSYS-API",
    "X-SES-CONFIGURATION-SET",
    "X-SES-MESSAGE-TAGS",
)


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
        encoded_headers: names of headers that programs read, and that are written as encoded words, in which they find
            nothing (RFC 2047 §5). Python's EmailMessage does so to a value that fills a line (findings/long-unsubscribe-link-is-encoded.sh).
    """

    file: str
    hosts: dict[str, MailHost] = field(default_factory=dict)
    unread: int = 0
    encoded_headers: list[str] = field(default_factory=list)


def read_mail(file: str) -> Mail:
    """The hosts of a mail's links, from a saved message (RFC 5322) or a page of HTML.

    Raises:
        InvalidInputError: it cannot be read, or has no link at all.
    """
    content = read_bounded(file)
    mail = Mail(file)
    if _is_page(content):
        links = iter(_of_html(content.decode("utf-8", "replace")))
    else:
        message: EmailMessage = email.message_from_bytes(content, policy=email.policy.default)
        links = _links(message)
        mail.encoded_headers += _encoded(message)
    for kind, url in links:
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


def _is_page(content: bytes) -> bool:
    return content.lstrip()[:1] == b"<"


def _encoded(message: EmailMessage) -> Iterator[str]:
    written = {name.lower(): str(value) for name, value in message.raw_items()}
    yield from (name for name in _FOR_PROGRAMS if "=?" in written.get(name.lower(), ""))


def _links(message: EmailMessage) -> Iterator[tuple[str, str]]:
    """At most so many."""
    yield from islice(_all_links(message), _MOST_LINKS)


def _all_links(message: EmailMessage) -> Iterator[tuple[str, str]]:
    for header in message.get_all("List-Unsubscribe", ()):
        yield from _of_text(str(header))
    for part in message.walk():
        kind = part.get_content_type()
        if part.is_multipart() or kind not in ("text/html", "text/plain"):
            continue
        text = _text_of(part)
        yield from _of_html(text) if kind == "text/html" else _of_text(text)


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
