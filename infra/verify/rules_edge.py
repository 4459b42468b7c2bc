"""The verdicts about TLS, HTTP and the sender behind them."""

from __future__ import annotations

from infra.verify.rule import Rule

_CLOUDFRONT = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/troubleshooting-response-errors.html"
_CLOUDFLARE = "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/"

EDGE_RULES = (
    Rule("tls.name-mismatch", "error", "the certificate does not cover the host, so browsers refuse every link", "the names in the leaf certificate, asked with SNI = the host",
         "give the edge a certificate for the host; a `*.sendgrid.net` or `*.cloudfront.net` certificate means that the host points past its edge or is not an alias of it", "RFC 9525 §6"),
    Rule("tls.expired", "error", "the certificate, or one it is signed with, has expired", "the dates of the certificates on the verified path",
         "renew it; look at the validation records first, for a renewal that fails is silent", "RFC 5280 §4.1.2.5"),
    Rule("tls.not-yet-valid", "error", "the certificate is not valid yet", "the dates of the certificates on the verified path",
         "wait until it is, or correct the clock of whoever issued it (and of this machine)", "RFC 5280 §4.1.2.5"),
    Rule("tls.expires-soon", "warning", "the certificate expires soon: its renewal should have happened", "days left against `min_days`; an error below a third of them",
         "look why the renewal has not run: validation records, CAA, or an upload that a person has to make", "RFC 5280 §4.1.2.5"),
    Rule("tls.incomplete-chain", "error", "the server does not send the intermediate certificate: some clients fail, browsers that fetch it do not", "no path to a trust anchor from what was sent",
         "install the full chain at the edge", "RFC 8446 §4.4.2"),
    Rule("tls.not-trusted", "error", "the certificate's issuer is no trust anchor", "no path to a trust anchor, with every certificate sent",
         "use a certificate of a public CA, or give the private CA with --ca", "RFC 5280 §6"),
    Rule("tls.handshake-failed", "error", "the server ends the handshake", "an alert or a closed connection during the handshake with SNI = the host",
         "check that the edge knows the host (alias, custom domain) and has a certificate for it", "RFC 8446 §6.2"),
    Rule("tls.refused", "error", "nothing listens on the TLS port", "the connection is refused",
         "start the edge, or correct what the host points at", "RFC 9293 §3.5.2"),
    Rule("tls.timeout", "error", "the TLS port does not answer, while others do from here", "no handshake in time, and TCP reached another address",
         "open the port, or take the dead address out of the edge's name", "RFC 9293 §3.8.3"),
    Rule("tls.too-old", "error", "the server speaks only TLS before 1.2, which browsers refuse", "the version that the handshake ends with",
         "allow TLS 1.2 and 1.3 at the edge", "RFC 8996"),
    Rule("http.edge-unconfigured", "error", "the edge does not know the host: it answers with its own error page", "the edge's own marks in infra/edges/<name>/answers.yaml",
         "add the host to the edge (CloudFront: alternate domain name; Cloudflare: the record or custom hostname) and wait until it is deployed", _CLOUDFRONT),
    Rule("http.origin-tls", "error", "the edge cannot make a TLS connection to the origin", "502 of CloudFront, 525 or 526 of Cloudflare",
         "set the origin's TLS mode to what the sender's certificate allows (Cloudflare: `full`, not strict, for sendgrid.net)", _CLOUDFLARE),
    Rule("http.origin-dns", "error", "the edge cannot find the origin", "530 with error 1016 of Cloudflare, 502 of CloudFront that names DNS",
         "correct the origin's name at the edge", _CLOUDFLARE),
    Rule("http.host-not-forwarded", "error", "the edge sends the origin another Host, so the sender does not know the link's host", "the sender's mark for an unknown host, behind an edge",
         "forward the viewer's Host header to the origin (CloudFront: an origin request policy with Host)", "https://github.com/sendgrid/docs/issues/3384"),
    Rule("http.port-80-closed", "error", "plain HTTP is closed: links in mail already sent are dead", "the connection to the HTTP port is refused or stays silent while TLS answers",
         "serve HTTP as well as HTTPS at the edge", "https://www.twilio.com/docs/sendgrid/ui/sending-email/content-delivery-networks"),
    Rule("http.redirect-loop", "error", "the edge redirects to itself without end", "a redirect whose target is the request's own URL, or HTTP to HTTPS and back",
         "remove one of the two redirects; at Cloudflare use SSL mode `full`, not `flexible`", _CLOUDFLARE),
    Rule("http.redirects-http", "warning", "plain HTTP is redirected to HTTPS instead of served", "a redirect to https:// of the same host on the HTTP port",
         "serve both: one redirect more for each click, and clients that cannot follow it are lost", "https://www.twilio.com/docs/sendgrid/ui/sending-email/content-delivery-networks"),
    Rule("http.cached", "error", "the edge answers from its cache: recipients get one another's redirects and clicks are not counted", "Age above 0, X-Cache with Hit, or cf-cache-status HIT on the probe",
         "switch caching off for the host", "RFC 9111 §5.1"),
    Rule("http.wrong-edge", "warning", "another edge than the declared one answers", "the other edge's identity headers, without the declared edge's",
         "point the host at the declared edge, or declare the one in use", "infra/edges/<name>/answers.yaml"),
    Rule("http.malformed", "error", "the answer is not HTTP", "the first line and headers of the answer",
         "look at what listens on the port", "RFC 9112 §2"),
    Rule("http.timeout", "error", "the edge takes the connection and gives no HTTP answer, while others do from here", "no complete header in time",
         "look at the edge's connection to its origin", "RFC 9110 §15.6.5"),
    Rule("app.bad-hostname", "error", "the sender does not know the host", "the sender's mark for an unknown host, without an edge before it",
         "validate the brand at the sender for exactly this host", "https://github.com/sendgrid/docs/issues/3384"),
)  # fmt: skip
