"""From the links at an edge to the server that answers for them."""

from __future__ import annotations

from collections.abc import Sequence

from linkproof.contract.declared import Edge
from linkproof.contract.edge import EdgeUse
from linkproof.contract.needs import EdgeNeeds
from linkproof.contract.server import Origin, Server, ServerFacts, Site
from linkproof.errors import LinkproofError
from linkproof.servers.options import of
from linkproof.servers.versions import version_of

# Where Debian keeps the authorities that it trusts.
TRUST = "/etc/ssl/certs/ca-certificates.crt"


def server_of(edge: Edge, uses: Sequence[EdgeUse], facts: ServerFacts) -> Server:
    """The server, with every link that is past `branded`.

    Raises:
        LinkproofError: its version is not known; a declaration without problems has one that is.
    """
    options = of(edge)
    version = version_of(options.version, facts)
    if version is None:
        raise LinkproofError(f"{edge.path}.version: {options.version} is not known", "run `linkproof check`")
    certificate, key = options.certificate or facts.CERTIFICATE, options.key or facts.KEY
    return Server(
        version=version,
        sites=tuple(
            Site(
                use.host, origin_of(use.needs), certificate.replace("{host}", use.host), key.replace("{host}", use.host)
            )
            for use in sorted(uses, key=lambda use: use.host)
        ),
        challenge=options.challenge or facts.CHALLENGE,
        resolvers=options.resolvers,
        trust=TRUST,
        folder=facts.FOLDER,
        log=facts.LOG,
        user=facts.USER,
    )


def origin_of(needs: EdgeNeeds) -> Origin:
    """Where a sender is asked, and how."""
    return Origin(needs.origin, sends_host="Host" in needs.headers, says_host=needs.forwarded_host != "no")
