"""That every request is answered by the origin, and its answer left as it is."""

from __future__ import annotations

from linkproof.conformance.requirements.requirement import ORDERED, Requirement

REQUIREMENTS = (
    Requirement(
        "cache.redirects", "must",
        says="no redirect comes from a cache, beyond what the sender wants kept",
        who="every sender; SparkPost alone wants answers kept, for 10 s at most",
        because="later clicks are not counted, and lead where the first one led", harm="click lost",
        shown_by="the same link twice, answered 301, 302 and 307", needs=ORDERED,
    ),
    Requirement(
        "cache.errors", "must",
        says="nor does an error",
        who="every sender answers 404 or 503 now and then",
        because="a link stays broken for all after it is right again", harm="click lost",
        shown_by="the same link twice, answered 404, 500 and 503, and after a dropped connection", needs=ORDERED,
    ),
    Requirement(
        "cache.gone", "should",
        says="nor does a 410",
        who="a sender that says so of a link that has ended; CloudFront keeps one for 10 s, which cannot be switched off",
        because="one recipient gets another's", harm="click lost",
        shown_by="the same link twice, answered 410", needs=ORDERED,
    ),
    Requirement(
        "cache.opens", "must",
        says="nor does the image by which opens are counted",
        who="SendGrid, Amazon SES and SparkPost count opens by one",
        because="only the first open is counted", harm="click lost",
        shown_by="the same .gif twice, with Last-Modified and without", needs=ORDERED,
    ),
    Requirement(
        "cache.revalidation", "should",
        says="If-None-Match reaches the origin, and its 304 the reader",
        who="a browser that has the answer", because="an answer is fetched again, or an old one kept",
        harm="misled", shown_by="GET with If-None-Match", needs=ORDERED,
    ),
    Requirement(
        "cache.recompression", "should",
        says="the body arrives octet for octet, and its ETag with it",
        who="a browser that asks again with that ETag", because="the origin's own 304 never fits again",
        harm="misled", shown_by="an answer in plain text and one in gzip, to a client that takes gzip", needs=ORDERED,
    ),
    Requirement(
        "app-files", "must",
        says="the files by which apps open links are served as JSON, without a redirect",
        who="iOS and Android read them at the link's host",
        because="links open in the browser in place of the app", harm="misled",
        shown_by="apple-app-site-association at both places, and assetlinks.json", needs=ORDERED,
    ),
)  # fmt: skip
