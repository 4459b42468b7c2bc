"""The answers that Google's load balancer makes by itself."""

from __future__ import annotations

from linkproof_lab.web.origin import OriginAnswer

_BODY = """<html><head>
<meta http-equiv="content-type" content="text/html;charset=utf-8">
<title>{status} {reason}</title>
</head>
<body text=#000000 bgcolor=#ffffff>
<h1>Error: {reason}</h1>
<h2>The server encountered a temporary error and could not complete your request.<p>Please try again in 30 seconds.</h2>
<h2></h2>
</body></html>
"""


def error(status: int, reason: str) -> OriginAnswer:
    """What is shown where the backend gives no answer."""
    body = _BODY.format(status=status, reason=reason).encode()
    return OriginAnswer(status, reason, (("Content-Type", "text/html; charset=UTF-8"),), body)


def aborted(status: int) -> OriginAnswer:
    """Of a route with a fault in it; seen with Google's Kubernetes gateways, which answer hosts that nobody has asked for so."""
    return OriginAnswer(status, "", (("Content-Type", "text/plain"),), b"fault filter abort")
