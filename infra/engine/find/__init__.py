"""Finding an object that a killed engine may have created: by its natural key, and proved to be ours.

Each finder takes the inputs of the interrupted create and yields the ids that it may have made; none when nothing was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from importlib import import_module
from typing import Any

from infra.engine.clients import Clients
from infra.errors import LinkproofError

# type → module with `find(inputs, clients, account, stack) -> Iterator[str]`; a plain dict, nothing scans.
FINDERS = {
    "aws:route53/record:Record": "infra.engine.find.route53_record",
    "aws:acm/certificate:Certificate": "infra.engine.find.acm_certificate",
    "aws:cloudfront/distribution:Distribution": "infra.engine.find.cloudfront_distribution",
    "aws:cloudfront/originRequestPolicy:OriginRequestPolicy": "infra.engine.find.cloudfront_policy",
    "cloudflare:index/dnsRecord:DnsRecord": "infra.engine.find.cloudflare_record",
    "cloudflare:index/ruleset:Ruleset": "infra.engine.find.cloudflare_ruleset",
}
# Creating these makes no object: it only waits, and waiting again is harmless.
WITHOUT_OBJECT = frozenset({"aws:acm/certificateValidation:CertificateValidation"})

STACK_TAG = "linkproof:stack"


class NotOursError(LinkproofError):
    """An object with the natural key exists, and nothing proves that this stack made it."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(
            f"{what} exists, but {why}",
            "delete it if nobody needs it, or give the declaration another host; then run this again",
        )


def find(
    rtype: str, inputs: Mapping[str, Any], clients: Clients, account: str, stack: str, known: Collection[str] = ()
) -> str | None:
    """The id of the created object, as the real provider imports it; None when nothing was created.

    Args:
        known: ids that the state has already: the object that was being replaced is not the new one.

    Raises:
        NotOursError: an object is there that this stack may not have made.
        LinkproofError: the vendor cannot be asked, or the type is unknown here.
    """
    if rtype not in FINDERS:
        raise LinkproofError(
            f"no way is known to find a {rtype}", "import it by hand with `pulumi import`, or delete it at the vendor"
        )
    finder: Callable[[Mapping[str, Any], Clients, str, str], Iterator[str]] = import_module(FINDERS[rtype]).find
    return next((id_ for id_ in finder(inputs, clients, account, stack) if id_ not in known), None)
