"""SendEmail: what a mail needs to go out, how it is tagged, and what its receiver's server does.

Receivers are those of the mailbox simulator, by their names (docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html);
every other is delivered to.
"""

from __future__ import annotations

import base64
import binascii
import email
import email.policy
import re
import secrets
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr
from typing import Any

from linkproof_lab.senders.ses.control_plane.identities import Identities
from linkproof_lab.senders.ses.control_plane.publishing import MAIL_KIND, SET_KIND, Publisher, now
from linkproof_lab.senders.ses.control_plane.rewriting import Tracking, rewritten
from linkproof_lab.senders.ses.links import make_link, make_picture
from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.control_plane.calls import AwsCall, AwsError

_TAG = re.compile(r"[A-Za-z0-9_-]{1,256}")
_SET_HEADER, _TAGS_HEADER = "X-SES-CONFIGURATION-SET", "X-SES-MESSAGE-TAGS"
_BOUNCES, _COMPLAINS = "bounce@simulator.amazonses.com", "complaint@simulator.amazonses.com"


class Sending:
    """The mails of every account and region: each a document by its message id."""

    def __init__(self, store: Store, identities: Identities, publisher: Publisher) -> None:
        self._store = store
        self._identities = identities
        self._publisher = publisher

    def send(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        """Raises:
        AwsError: as the vendor would.
        """
        message = _message(body)
        source = str(body.get("FromEmailAddress") or message["From"] or "")
        domain = parseaddr(source)[1].partition("@")[2].lower()
        if not self._identities.is_covered(call, domain):
            text = f"Email address is not verified. The following identities failed the check in region {call.region.upper()}: {source}"
            raise AwsError(400, "MessageRejected", text)
        to = _receivers(body, message)
        name = str(body.get("ConfigurationSetName") or message[_SET_HEADER] or "")
        found = self._store.get(SET_KIND, f"{call.account}/{call.region}/{name}") if name else None
        if name and found is None:
            raise AwsError(404, "NotFoundException", f"Configuration set <{name}> does not exist.")
        tags = dict(_tags(body, message))
        if name:
            tags |= {"ses:configuration-set": name}
        tags |= {
            "ses:caller-identity": "lab",
            "ses:from-domain": domain,
            "ses:source-ip": "198.51.100.20",
            "ses:outgoing-ip": "198.51.100.25",
        }
        id_ = f"{secrets.token_hex(8)}-{secrets.token_hex(4)}-000000"
        headers = [
            {"name": key, "value": str(value)}
            for key, value in message.items()
            if key.upper() not in (_SET_HEADER, _TAGS_HEADER)
        ]
        mail = {
            "timestamp": now(),
            "messageId": id_,
            "source": source,
            "sendingAccountId": call.account,
            "destination": to,
            "headersTruncated": False,
            "headers": headers,
            "commonHeaders": {"from": [source], "to": to, "messageId": id_, "subject": str(message["Subject"] or "")},
            "tags": {key: [value] for key, value in tags.items()},
        }
        doc = {
            "account": call.account,
            "region": call.region,
            "set": f"{call.account}/{call.region}/{name}",
            "mail": mail,
            "html": self._html(message, found, call.region, id_),
        }
        self._store.put(MAIL_KIND, id_, doc)
        self._publish(id_, to)
        return {"MessageId": id_}

    def _html(self, message: EmailMessage, found: dict[str, Any] | None, region: str, id_: str) -> str:
        """Without a destination that wants clicks, links stay as they are; likewise opens."""
        part = message.get_body(("html",))
        text = part.get_content() if part is not None else ""
        if found is None or not text:
            return text
        wanted = {kind for one in found["destinations"].values() for kind in one["MatchingEventTypes"]}
        host = found["tracking"].get("CustomRedirectDomain") or f"r.{region}.awstrack.me"
        tracking = Tracking(host, found["tracking"].get("HttpsPolicy"), "CLICK" in wanted, "OPEN" in wanted)
        return rewritten(
            text,
            tracking,
            lambda url, tags: make_link(self._store, url, message_id=id_, link_tags=tags),
            lambda: make_picture(self._store, id_),
        )

    def _publish(self, id_: str, to: list[str]) -> None:
        self._publisher.publish(id_, "SEND")
        bounced = [address for address in to if address == _BOUNCES]
        delivered = [address for address in to if address != _BOUNCES]
        if bounced:
            recipients = [{"emailAddress": one, "action": "failed", "status": "5.1.1"} for one in bounced]
            details = {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": recipients}
            self._publisher.publish(id_, "BOUNCE", {**details, "timestamp": now()})
        if delivered:
            details = {"timestamp": now(), "recipients": delivered, "smtpResponse": "250 2.6.0 Message received"}
            self._publisher.publish(id_, "DELIVERY", details)
        if _COMPLAINS in delivered:
            complained = {"complainedRecipients": [{"emailAddress": _COMPLAINS}], "timestamp": now()}
            self._publisher.publish(id_, "COMPLAINT", complained)


def _message(body: dict[str, Any]) -> EmailMessage:
    """The mail of `Content`, simple or raw."""
    content = body.get("Content") or {}
    if content.get("Raw"):
        try:
            raw = base64.b64decode(content["Raw"].get("Data") or "", validate=True)
        except binascii.Error as error:
            raise AwsError(400, "BadRequestException", "Content.Raw.Data is not base64") from error
        made = email.message_from_bytes(raw, policy=email.policy.default)
        assert isinstance(made, EmailMessage)
        return made
    simple = content.get("Simple")
    if not simple or not (simple.get("Body") or {}):
        raise AwsError(400, "BadRequestException", "Content must have a Simple or a Raw message")
    message = EmailMessage()
    message["From"] = str(body.get("FromEmailAddress") or "")
    message["To"] = ", ".join((body.get("Destination") or {}).get("ToAddresses") or ())
    message["Subject"] = simple["Subject"]["Data"]
    for header in simple.get("Headers") or ():
        message[header["Name"]] = header["Value"]
    parts = simple["Body"]
    if parts.get("Text"):
        message.set_content(parts["Text"]["Data"])
    if parts.get("Html"):
        add = message.add_alternative if parts.get("Text") else message.set_content
        add(parts["Html"]["Data"], subtype="html")
    return message


def _receivers(body: dict[str, Any], message: EmailMessage) -> list[str]:
    named = (body.get("Destination") or {}).get("ToAddresses") or [str(message["To"] or "")]
    found = [address for _, address in getaddresses(named) if address]
    if not found:
        raise AwsError(400, "BadRequestException", "Missing final '@domain'")
    return found


def _tags(body: dict[str, Any], message: EmailMessage) -> Iterator[tuple[str, str]]:
    """Of the call or, in a raw message, of the header."""
    given = [(str(one.get("Name")), str(one.get("Value"))) for one in body.get("EmailTags") or ()]
    for part in str(message[_TAGS_HEADER] or "").split(","):
        if part.strip():
            name, _, value = part.partition("=")
            given.append((name.strip(), value.strip()))
    for name, value in given:
        if not _TAG.fullmatch(name) or not _TAG.fullmatch(value):
            raise AwsError(400, "BadRequestException", f"Invalid tag <{name}={value}>.")
        yield name, value
