"""Whether a tracking domain leads to SparkPost: by its CNAME, and where that leads elsewhere by a request of SparkPost's own.

developers.sparkpost.com/api/tracking-domains, "Verify a Tracking Domain": a "check against the configured redirect".
"""

from __future__ import annotations

import dns.asyncquery
import dns.exception
import dns.message
import dns.name
import dns.rdatatype

from linkproof_lab.senders.sparkpost.control_plane.contract import SparkPostError
from linkproof_lab.senders.sparkpost.facts import ENDPOINTS, MANAGED
from linkproof_lab.settings import LabSettings
from linkproof_lab.web.errors import OriginError, OriginNameError
from linkproof_lab.web.origin import OriginRequest, Origins, OriginTls
from linkproof_lab.web.resolve import through_lab

_DNS_SECONDS = 10.0
_REACHED = frozenset({200, 302})


async def verified(settings: LabSettings, domain: str, region: str, *, secure: bool) -> bool:
    """Whether it is; not where it has no record at all.

    Raises:
        SparkPostError: there is one, and the request to it fails (400, code 1404).
    """
    target = await _cname(settings, domain)
    endpoints = [kind[region][0] for kind in (ENDPOINTS, MANAGED) if region in kind]
    if target in endpoints and not secure:
        return True
    origins = Origins(settings, through_lab(settings))
    tls = OriginTls(domain, (domain,)) if secure else None
    port = 443 if secure else 80
    request = OriginRequest("GET", domain, port, tls, domain, "/f/a/b/c/d", None, (("User-Agent", "lab"),))
    try:
        status = (await origins.ask(request)).status
    except OriginNameError:
        return False
    except OriginError:
        status = 0
    if status in _REACHED:
        return True
    raise SparkPostError(
        400,
        "request to remote endpoint failed",
        f"Unable to reach {'https' if secure else 'http'}://{domain}:{port}. Please verify that your redirect is functioning"
        " and that your SSL certificate is valid.",
        "1404",
    )


async def _cname(settings: LabSettings, domain: str) -> str:
    """Empty where there is none, or the resolver cannot say."""
    try:
        query = dns.message.make_query(domain, "CNAME")
        reply = await dns.asyncquery.udp(query, settings.resolver, _DNS_SECONDS, settings.dns_port)
    except (OSError, dns.exception.DNSException):
        return ""
    own = dns.name.from_text(domain)
    found = [
        str(rdata.target).lower().rstrip(".")
        for rrset in reply.answer
        if rrset.rdtype == dns.rdatatype.CNAME and rrset.name == own
        for rdata in rrset
    ]
    return found[0] if found else ""
