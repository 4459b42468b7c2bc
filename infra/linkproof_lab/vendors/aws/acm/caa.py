"""Whether the CAA that is served lets this CA issue (RFC 8659)."""

from __future__ import annotations

import re

from linkproof_lab.vendors.aws.acm.ask import Asker

# docs.aws.amazon.com/acm/latest/userguide/setup-caa.html: any of these permits the issuance.
ISSUERS = frozenset({"amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"})
_RECORD = re.compile(r'^(?P<flags>\d+) (?P<tag>[A-Za-z0-9]+) "(?P<value>.*)"$')
_CRITICAL = 128
_KNOWN_TAGS = ("issue", "issuewild", "iodef", "contactemail", "contactphone", "issuemail", "issuevmc")


async def allows(asker: Asker, domain: str) -> bool:
    """Climb from the domain to its top-level domain and judge the first CAA record set found (RFC 8659 §3).

    Raises:
        NoAnswerError: a zone on the way did not answer: nothing may be issued on no answer.
    """
    wildcard = domain.startswith("*.")
    labels = domain.removeprefix("*.").split(".")
    for start in range(len(labels)):
        records = await asker.values(".".join(labels[start:]), "CAA")
        if records:
            return permitted(records, wildcard=wildcard)
    return True


def permitted(records: list[str], *, wildcard: bool) -> bool:
    """Judge one CAA record set, given in presentation form (RFC 8659 §4)."""
    parsed = [found for found in map(_RECORD.match, records) if found]
    if any(int(found["flags"]) & _CRITICAL and found["tag"].lower() not in _KNOWN_TAGS for found in parsed):
        return False
    issue = [found["value"] for found in parsed if found["tag"].lower() == "issue"]
    issuewild = [found["value"] for found in parsed if found["tag"].lower() == "issuewild"]
    relevant = issuewild if wildcard and issuewild else issue
    if not relevant:
        return True
    return any(value.partition(";")[0].strip().lower() in ISSUERS for value in relevant)
