"""Finding an object by its natural key, and proving that it is the one that this stack was creating.

Each finder takes the inputs of the create. What proves an object is the mark (organisation, project, stack) that those
inputs gave it; where a vendor has no room for a mark, that it is exactly what was to be created.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from importlib import import_module
from typing import Any

from linkproof.engine.aws_session import asking
from linkproof.engine.clients import Clients
from linkproof.engine.find.candidate import Candidate
from linkproof.errors import LinkproofError

# type → module with `candidates(inputs, clients, account) -> Iterator[Candidate]`; a plain dict, nothing scans.
FINDERS = {
    "aws:route53/record:Record": "linkproof.engine.find.route53_record",
    "aws:acm/certificate:Certificate": "linkproof.engine.find.acm_certificate",
    "aws:cloudfront/distribution:Distribution": "linkproof.engine.find.cloudfront_distribution",
    "aws:cloudfront/originRequestPolicy:OriginRequestPolicy": "linkproof.engine.find.cloudfront_policy",
    "cloudflare:index/dnsRecord:DnsRecord": "linkproof.engine.find.cloudflare_record",
    "cloudflare:index/ruleset:Ruleset": "linkproof.engine.find.cloudflare_ruleset",
}
# Creating these makes no object: it only waits, and waiting again is harmless.
WITHOUT_OBJECT = frozenset({"aws:acm/certificateValidation:CertificateValidation"})


class NotOursError(LinkproofError):
    """An object with the natural key exists, and nothing proves that this stack made it."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(
            f"{what} exists, but {why}",
            "delete it if nobody needs it, or give the declaration another host; then run this again",
        )


def candidates(rtype: str, inputs: Mapping[str, Any], clients: Clients, account: str) -> list[Candidate]:
    """Every object at the vendor that has the natural key of what the inputs would create.

    Raises:
        LinkproofError: the vendor cannot be asked, or the type is unknown here.
    """
    if rtype not in FINDERS:
        raise LinkproofError(
            f"no way is known to find a {rtype}", "import it by hand with `pulumi import`, or delete it at the vendor"
        )
    finder: Callable[[Mapping[str, Any], Clients, str], Iterator[Candidate]] = import_module(FINDERS[rtype]).candidates
    if not rtype.startswith("aws:"):
        return list(finder(inputs, clients, account))
    with asking(rtype, account):
        return list(finder(inputs, clients, account))


def find(
    rtype: str, inputs: Mapping[str, Any], clients: Clients, account: str, known: Collection[str] = ()
) -> str | None:
    """The id of the created object, as the real provider imports it; None when nothing was created.

    Args:
        known: ids that the state has already: the object that was being replaced is not the new one.

    Raises:
        NotOursError: an object is there that this stack may not have made.
        LinkproofError: the vendor cannot be asked, or the type is unknown here.
    """
    for candidate in candidates(rtype, inputs, clients, account):
        # The engine keeps the vendor's own id; to import, some providers want it with its zone before it.
        if candidate.id in known or candidate.id.rpartition("/")[2] in known:
            continue
        if candidate.doubt:
            raise NotOursError(candidate.what, candidate.doubt)
        return candidate.id
    return None
