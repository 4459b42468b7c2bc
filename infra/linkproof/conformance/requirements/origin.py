"""How the origin is asked."""

from __future__ import annotations

from linkproof.conformance.requirements.requirement import Requirement

REQUIREMENTS = (
    Requirement(
        "host.origin", "must",
        says="the origin is asked with the link's host",
        who="SendGrid and Amazon SES find the account by it",
        because="SendGrid answers `Bad Hostname in Link`, SES 400", harm="click lost",
        shown_by="Host at the origin",
    ),
    Requirement(
        "host.forwarded", "must",
        says="the origin is told the link's host, by X-Forwarded-Host or by Host",
        who="SparkPost finds the account by it, and Braze asks for it",
        because="the sender takes the click for another host's", harm="click lost",
        shown_by="Host and X-Forwarded-Host at the origin",
    ),
    Requirement(
        "host.forged", "should",
        says="an X-Forwarded-Host that a viewer sends does not reach the origin",
        who="SparkPost and Braze, which find the account by it",
        because="a viewer chooses whose account a click is counted for", harm="misled",
        shown_by="X-Forwarded-Host at the origin, with a forged one",
    ),
    Requirement(
        "host.sni", "must",
        says="the edge asks the origin for a name in the handshake",
        who="SparkPost's endpoints take none without", because="no handshake, and so 502 for every click",
        harm="click lost", shown_by="SNI of the connection that brought the click",
    ),
    Requirement(
        "host.version", "should",
        says="the origin is asked by HTTP/1.1, and TLS 1.2 or later",
        who="a sender that refuses older ones", because="every click is refused on the day on which it does",
        harm="click lost", shown_by="the versions at the origin",
    ),
    Requirement(
        "host.verified", "should",
        says="no click is sent to an origin whose certificate no authority has signed",
        who="whoever stands between edge and sender",
        because="tokens are read, and readers led anywhere", harm="seen by others",
        shown_by="a click while the origin shows a self-signed certificate for the right names",
        needs=("records", "certificates"),
    ),
    Requirement(
        "headers.user-agent", "must",
        says="User-Agent arrives as it was sent",
        who="SparkPost and SendGrid write it into the event", because="every event says that one program has clicked",
        harm="misled", shown_by="User-Agent at the origin",
    ),
    Requirement(
        "headers.client-address", "should",
        says="the client's address reaches the origin, beside or in place of what the client says itself",
        who="a sender that writes it into the event", because="every event comes from the edge's place",
        harm="misled", shown_by="X-Forwarded-For and its like at the origin, with a forged one",
    ),
    Requirement(
        "headers.cookies", "should",
        says="cookies are not forwarded",
        who="Amazon SES refuses requests over 8,192 octets",
        because="the cookies of the parent domain go to the sender, and too many of them end in 400",
        harm="seen by others", shown_by="Cookie at the origin",
    ),
    Requirement(
        "headers.token", "should",
        says="nothing that is added carries the token of the link",
        who="whoever reads headers on the way, or the page that the reader is led to",
        because="a token is its recipient's, and opens his unsubscribe page", harm="seen by others",
        shown_by="the headers at the origin, and of the answer",
    ),
)  # fmt: skip
