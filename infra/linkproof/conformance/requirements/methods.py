"""That other methods stay themselves."""

from __future__ import annotations

from linkproof.conformance.requirements.requirement import ORDERED, Requirement

REQUIREMENTS = (
    Requirement(
        "method.head", "must",
        says="HEAD stays HEAD",
        who="Amazon SES checks a host by HEAD, and scanners of mail look at links by it",
        because="a scanner's look is counted as a click", harm="counted twice",
        shown_by="the method at the origin", needs=ORDERED,
    ),
    Requirement(
        "method.post", "must",
        says="POST arrives with its form",
        who="Gmail and Yahoo unsubscribe by it (RFC 8058)",
        because="a reader who unsubscribes goes on getting mail, and calls it spam", harm="click lost",
        shown_by="POST of List-Unsubscribe=One-Click", needs=ORDERED,
    ),
    Requirement(
        "method.options", "should",
        says="OPTIONS arrives", who="SparkPost's own monitor, and browsers before a request from another page",
        because="a check that the sender answers is answered by the edge", harm="misled",
        shown_by="the method at the origin", needs=ORDERED,
    ),
    Requirement(
        "method.expect", "should",
        says="a POST with `Expect: 100-continue` arrives with its form",
        who="a program that posts with curl's library", because="as method.post", harm="click lost",
        shown_by="POST with Expect", needs=ORDERED,
    ),
)  # fmt: skip
