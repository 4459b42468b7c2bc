"""The side of the readers."""

from __future__ import annotations

from linkproof.conformance.requirements.requirement import Requirement

REQUIREMENTS = (
    Requirement(
        "front.https", "must",
        says="clicks arrive by https",
        who="every sender writes https once it is told to", because="the link does not open", harm="click lost",
        shown_by="a click by https", needs=(),
    ),
    Requirement(
        "front.http", "must",
        says="clicks arrive by http too, or are led to https with path and query kept",
        who="mail that was sent before the sender wrote https", because="links in old mail do not open",
        harm="click lost", shown_by="a click by http", needs=(),
    ),
    Requirement(
        "front.hsts", "should",
        says="the edge adds no Strict-Transport-Security",
        who="the owner of the hosts below, which it may reach, and who wants to go back to http",
        because="browsers refuse http for as long as it says", harm="click lost", shown_by="the answer's headers",
        needs=(),
    ),
    Requirement(
        "front.tls12", "must",
        says="TLS 1.2 is spoken",
        who="Outlook on Windows 10 and Android before 10 have no later version", because="the link does not open",
        harm="click lost", shown_by="a handshake that offers TLS 1.2 alone", needs=(),
    ),
    Requirement(
        "front.tls13", "should",
        says="TLS 1.3 is spoken", who="a client that has switched older ones off", because="the link does not open",
        harm="click lost", shown_by="a handshake that offers TLS 1.3 alone", needs=(),
    ),
    Requirement(
        "front.chain", "must",
        says="the certificate is for the host, and its chain is complete",
        who="Android and every program that fetches no missing certificate",
        because="the reader sees a warning", harm="click lost",
        shown_by="a handshake that trusts roots alone", needs=(),
    ),
    Requirement(
        "front.unknown-host", "should",
        says="a host that the edge does not know is not answered by the link's sender",
        who="whoever points a name at the edge", because="a stranger's name serves the link", harm="misled",
        shown_by="Host with a name that nobody has, by http and by https",
    ),
    Requirement(
        "front.unknown-sni", "should",
        says="nor is one that it does not know by SNI either",
        who="whoever points a name at the edge", because="as front.unknown-host", harm="misled",
        shown_by="SNI and Host with a name that nobody has",
    ),
    Requirement(
        "front.http2", "must",
        says="a client that offers HTTP/2 and HTTP/1.1 gets its answer by the one that the edge chooses",
        who="every browser offers both", because="the link does not open", harm="click lost",
        shown_by="a click after an offer of h2 and http/1.1", needs=(),
    ),
    Requirement(
        "front.ipv6", "should",
        says="the host's IPv6 addresses answer as its IPv4 addresses do",
        who="a reader in a network without IPv4", because="the link does not open, or late", harm="click lost",
        shown_by="a click at each IPv6 address", needs=(),
    ),
)  # fmt: skip
