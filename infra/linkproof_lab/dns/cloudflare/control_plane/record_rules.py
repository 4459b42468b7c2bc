"""What Cloudflare accepts as a DNS record, one record on its own."""

from __future__ import annotations

import re
from typing import Any

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype

from linkproof_lab.vendors.cloudflare.control_plane.envelope import CloudflareError

PROXIABLE = ("A", "AAAA", "CNAME")
TYPES = (*PROXIABLE, "CAA", "DS", "HTTPS", "MX", "NAPTR", "NS", "PTR", "SRV", "SSHFP", "SVCB", "TLSA", "TXT", "URI")
_BAD_CONTENT = {
    "A": (9005, "Content for A record must be a valid IPv4 address."),
    "AAAA": (9006, "Content for AAAA record must be a valid IPv6 address."),
    "CNAME": (9007, "Content for CNAME record is invalid."),
    "NS": (9008, "Content for NS record is invalid."),
    "MX": (9009, "Content for MX record is invalid."),
}
_DATA_FORMS = {
    "CAA": '{flags} {tag} "{value}"',
    "SRV": "{priority} {weight} {port} {target}",
    "DS": "{key_tag} {algorithm} {digest_type} {digest}",
    "TLSA": "{usage} {selector} {matching_type} {certificate}",
    "SSHFP": "{algorithm} {type} {fingerprint}",
    "HTTPS": "{priority} {target} {value}",
    "SVCB": "{priority} {target} {value}",
    "URI": '{priority} {weight} "{target}"',
}
_LONGEST_COMMENT = 100
_LABEL = re.compile(r"^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$")


def record_name(text: Any, zone: str) -> str:
    """The complete name, in lower case and Punycode. As the vendor does, a name outside the zone is taken as relative to it.

    Raises:
        CloudflareError: not a DNS name.
    """
    if not isinstance(text, str) or not text:
        raise CloudflareError(400, 9000, "DNS name is invalid.")
    name = text.rstrip(".").lower()
    if not name.isascii():
        import idna

        try:
            name = idna.encode(name, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError) as error:
            raise CloudflareError(400, 9000, "DNS name is invalid.") from error
    if name == "@":
        name = zone
    if name != zone and not name.endswith(f".{zone}"):
        name = f"{name}.{zone}"
    labels = name.split(".")
    inner = labels[1:] if labels[0] == "*" else labels
    if len(name) > 253 or any(len(label) > 63 or not _LABEL.match(label) for label in inner):
        raise CloudflareError(400, 9000, "DNS name is invalid.")
    return name


def checked(fields: dict[str, Any], zone: str) -> dict[str, Any]:
    """A record's own members, complete and in the vendor's form.

    Args:
        fields: what the caller wants the record to be: `type`, `name`, `content` or `data`, `ttl`, `proxied`, …

    Raises:
        CloudflareError: with the vendor's code for the first thing that is wrong.
    """
    rtype = fields.get("type")
    if rtype not in TYPES:
        raise CloudflareError(400, 1004, "DNS Validation Error: invalid record type.")
    proxied = fields.get("proxied") or False
    if proxied and rtype not in PROXIABLE:
        raise CloudflareError(400, 9004, "This record type cannot be proxied.")
    name = record_name(fields.get("name"), zone)
    content = _content(rtype, fields)
    record: dict[str, Any] = {"name": name, "type": rtype, "content": content, "proxied": bool(proxied)}
    if rtype == "CNAME" and content == name:
        raise CloudflareError(400, 9039, "CNAME content cannot reference itself.")
    record["ttl"] = _ttl(fields.get("ttl", 1), proxied)
    if rtype in ("MX", "URI"):
        record["priority"] = fields.get("priority", 0)
    if fields.get("data") is not None:
        record["data"] = fields["data"]
    record["comment"] = fields.get("comment")
    record["tags"] = list(fields.get("tags") or [])
    _check_plan(record)
    record["settings"] = dict(fields.get("settings") or {})
    rdata(record)
    return record


def _check_plan(record: dict[str, Any]) -> None:
    """What the plan Free allows (developers.cloudflare.com/dns/manage-dns-records/reference/record-attributes)."""
    tags, comment = len(record["tags"]), record["comment"] or ""
    if tags:
        # The words: kubernetes-sigs/external-dns#3706.
        chain = ((9300, f"DNS record has {tags} tags, exceeding the quota of 0."),)
        raise CloudflareError(400, 1004, "DNS Validation Error", chain=chain)
    if len(comment) > _LONGEST_COMMENT:
        problem = f"DNS record comment has {len(comment)} characters, exceeding the limit of {_LONGEST_COMMENT}."
        raise CloudflareError(400, 1004, "DNS Validation Error", chain=((1004, problem),))


def _ttl(ttl: Any, proxied: bool) -> int:
    if isinstance(ttl, bool) or not isinstance(ttl, int | float):
        raise CloudflareError(400, 9022, "TTL must be a number, not a string.")
    if ttl != 1 and not 60 <= ttl <= 86400:
        raise CloudflareError(400, 9021, "Invalid TTL. Must be between 60 and 86400 seconds, or 1 for Automatic.")
    # developers.cloudflare.com/dns/manage-dns-records/reference/ttl: a proxied record's TTL is Auto and cannot be edited
    return 1 if proxied else int(ttl)


def _content(rtype: str, fields: dict[str, Any]) -> str:
    data = fields.get("data")
    if data is not None and rtype in _DATA_FORMS:
        try:
            return _DATA_FORMS[rtype].format_map({"value": "", **data}).strip()
        except (KeyError, TypeError) as error:
            raise CloudflareError(400, 9101, f"{error} is a required data field.") from error
    content = fields.get("content")
    if not isinstance(content, str) or not content.strip():
        code, message = _BAD_CONTENT.get(rtype, (9020, f"Content for {rtype} record is invalid."))
        raise CloudflareError(400, code, message)
    content = content.strip()
    return content.rstrip(".").lower() if rtype in ("CNAME", "NS", "MX", "PTR") else content


def rdata(record: dict[str, Any]) -> str:
    """RDATA in presentation form, as DNS serves a DNS-only record.

    Raises:
        CloudflareError: the content is not of the type.
    """
    rtype, content = record["type"], record["content"]
    if rtype in ("MX", "URI"):
        content = f"{record['priority']} {content}"
    elif rtype == "TXT" and not content.startswith('"'):
        octets = content.encode()
        chunks = [octets[at : at + 255] for at in range(0, len(octets), 255)]
        content = " ".join('"' + "".join(_quoted(octet) for octet in chunk) + '"' for chunk in chunks)
    try:
        parsed = dns.rdata.from_text(
            dns.rdataclass.IN, dns.rdatatype.from_text(rtype), content, origin=dns.name.root, relativize=False
        )
    except (dns.exception.DNSException, ValueError) as error:
        code, message = _BAD_CONTENT.get(rtype, (9020, f"Content for {rtype} record is invalid."))
        raise CloudflareError(400, code, message) from error
    return parsed.to_text()


def _quoted(octet: int) -> str:
    if octet in (0x22, 0x5C):
        return "\\" + chr(octet)
    return chr(octet) if 0x20 <= octet < 0x7F else f"\\{octet:03d}"
