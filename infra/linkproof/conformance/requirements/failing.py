"""What becomes of a click when the origin fails."""

from __future__ import annotations

from linkproof.conformance.requirements.requirement import ORDERED, Requirement

REQUIREMENTS = (
    Requirement(
        "retry.get", "must",
        says="a click that the origin has read is not sent again when the connection ends",
        who="every sender counts each GET that it reads",
        because="one click is two, and the reader notices nothing", harm="counted twice",
        shown_by="GET that the origin reads and drops, by close and by reset, on a kept connection and on a new one",
        needs=ORDERED,
    ),
    Requirement(
        "retry.post", "must",
        says="nor is a POST",
        who="Gmail and Yahoo unsubscribe by it (RFC 8058); RFC 9110 §9.2.2",
        because="what is done once only is done twice", harm="counted twice",
        shown_by="POST that the origin reads and drops", needs=ORDERED,
    ),
    Requirement(
        "loss.spreads", "must",
        says="a click that the origin loses takes no other with it",
        who="every sender loses a request now and then",
        because="an edge that leaves the origin out for a while loses every click of that while", harm="click lost",
        shown_by="300 clicks, ten at a time, while the origin loses one in a hundred; the run says how many were lost and how many counted twice",
        needs=ORDERED,
    ),
    Requirement(
        "origin.failure", "must",
        says="a failure of the origin is shown as one, within 20 s",
        who="every sender fails now and then",
        because="a reader, a scanner or a monitor takes for an answer what is none", harm="misled",
        shown_by="an origin that reads and then closes or resets, and one that refuses connections", needs=ORDERED,
    ),
    Requirement(
        "origin.garbage",
        "should",
        says="so is an answer that is not HTTP",
        who="whoever stands behind a proxy of the sender that fails",
        because="as origin.failure",
        harm="misled",
        shown_by="an origin that answers lines of text",
        needs=ORDERED,
    ),
    Requirement(
        "origin.silent", "should",
        says="so is an origin that never answers, within 35 s",
        who="a reader, who waits no longer",
        because="connections pile up at the edge until it takes no click at all", harm="click lost",
        shown_by="GET that the origin reads and never answers", needs=ORDERED,
    ),
    Requirement(
        "origin.ipv6", "should",
        says="an origin with IPv6 addresses alone is reached",
        who="a sender of tomorrow", because="every click is refused", harm="click lost",
        shown_by="a click while the origin's name has an IPv6 address alone", needs=("records", "names"),
    ),
    Requirement(
        "origin.dead-ipv6", "should",
        says="an IPv6 address of the origin that refuses costs no click while an IPv4 address answers",
        who="a sender that publishes IPv6 addresses before they work", because="every second click or every click fails",
        harm="click lost", shown_by="clicks while the origin's name has a dead IPv6 address and a live IPv4 one",
        needs=("records", "names"),
    ),
    Requirement(
        "origin.moved", "should",
        says="a changed address of the origin is followed within its TTL",
        who="SendGrid, Amazon SES and SparkPost change theirs",
        because="clicks go to an address that a stranger has by then", harm="seen by others",
        shown_by="clicks, one after the other, while the origin's name gets another address",
        needs=("records", "names"),
    ),
)  # fmt: skip
