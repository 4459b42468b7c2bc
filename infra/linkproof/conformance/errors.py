"""What a run of the suite refuses."""

from __future__ import annotations

from linkproof.errors import LinkproofError


class UnreadableEchoError(LinkproofError):
    """The echo endpoint does not answer, or not as docs/conformance.md says."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"the echo endpoint cannot be used: {reason}", "see the echo's protocol in docs/conformance.md"
        )
        self.reason = reason


class InvalidListenerError(LinkproofError):
    """`--origin-listen` names no address and port, or the origin cannot listen there."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"--origin-listen {text}: {reason}", "write 127.0.0.1:8443 or [::1]:8443, of this machine")
        self.text = text


class InvalidIdentityError(LinkproofError):
    """The origin's certificate and key cannot be used."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"the origin's certificate and key: {reason}", "give --certificate with the chain and --key, both PEM"
        )


class UnreachableEdgeError(LinkproofError):
    """The host to be asked has no address."""

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(f"{host} has no address: {reason}", "name a host that resolves, or give --connect ADDRESS")
        self.host = host
