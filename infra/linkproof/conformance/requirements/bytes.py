"""That a link arrives as it was written."""

from __future__ import annotations

from linkproof.conformance.requirements.requirement import ORDERED, Requirement
from linkproof.conformance.targets import (
    LOCATIONS,
    PATHS,
    QUERIES,
    SEMICOLONS,
    UNUSUAL_LOCATIONS,
    UNUSUAL_PATHS,
    UNUSUAL_QUERIES,
)

REQUIREMENTS = (
    Requirement(
        "reach", "must",
        says="a click reaches the origin, and its answer comes back",
        who="every sender", because="nothing else can be asked", harm="click lost",
        shown_by="GET of a link that nobody has asked for", needs=ORDERED,
    ),
    Requirement(
        "bytes.path", "must",
        says="the path arrives octet for octet",
        who="Amazon SES writes a whole URL into it, SparkPost tildes, SendGrid its links for apps",
        because="a path that is decoded, escaped anew or merged is another link, for which the sender has no target",
        harm="click lost", shown_by=f"{len(PATHS)} paths as these senders write them",
    ),
    Requirement(
        "bytes.path-unusual", "should",
        says="so does a path that no sender is known to write",
        who="a program that rewrites links, or a sender of tomorrow",
        because="as bytes.path", harm="click lost",
        shown_by=f"{len(UNUSUAL_PATHS)} paths: //, /../, escapes of either case, raw UTF-8 and others",
    ),
    Requirement(
        "bytes.query", "must",
        says="the query arrives octet for octet",
        who="SendGrid has its token there, SparkPost the target",
        because="a token that is cut or decoded is a wrong link", harm="click lost",
        shown_by=f"{len(QUERIES)} queries as these senders write them",
    ),
    Requirement(
        "bytes.query-unusual", "should",
        says="so does any other query: order, duplicates, empty pairs, a bare question mark",
        who="a program that adds to links, or a sender of tomorrow",
        because="as bytes.query", harm="click lost", shown_by=f"{len(UNUSUAL_QUERIES)} queries",
    ),
    Requirement(
        "bytes.semicolon", "should",
        says="a semicolon in the query stays one",
        who="a mail program that shows `&amp;` of a plain text as it is",
        because="a pair becomes two, and a value ends early", harm="misled", shown_by=f"{len(SEMICOLONS)} queries",
    ),
    Requirement(
        "bytes.long", "must",
        says="a link of 4,000 characters arrives",
        who="SendGrid and Amazon SES write the whole target into the link",
        because="a long target makes a link that nobody can open", harm="click lost",
        shown_by="GET with 4,000 characters in the query, and in the path",
    ),
    Requirement(
        "bytes.longest", "should",
        says="so does a link of 8,000 characters",
        who="a customer with very long targets", because="as bytes.long", harm="click lost",
        shown_by="GET with 8,000 characters in the query, and in the path",
    ),
    Requirement(
        "bytes.location", "must",
        says="the Location of the origin comes back as it was sent",
        who="every sender leads on to whatever its customers wrote",
        because="the reader lands somewhere else", harm="misled",
        shown_by=f"302 with {len(LOCATIONS)} targets: spaces, UTF-8, other schemes, 4,000 characters",
        needs=ORDERED,
    ),
    Requirement(
        "bytes.location-unusual", "should",
        says="so does one with octets that are neither ASCII nor UTF-8, or with a tab",
        who="a customer whose addresses come from an old program", because="as bytes.location", harm="misled",
        shown_by=f"302 with {len(UNUSUAL_LOCATIONS)} targets", needs=ORDERED,
    ),
    Requirement(
        "bytes.location-own", "should",
        says="so does one that names the origin, or the link's own host, or is relative",
        who="a sender whose unsubscribe page is its own",
        because="the reader lands at the edge, which does not have that page, or on http", harm="misled",
        shown_by="302 to the name that the origin was asked by, to its SNI and to the link's host",
        needs=ORDERED,
    ),
)  # fmt: skip
