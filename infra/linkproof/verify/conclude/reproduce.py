"""The one command with which a person can see what a finding says."""

from __future__ import annotations

import ipaddress
import re
import shlex
from typing import TYPE_CHECKING

from linkproof.verify.marks import NONCE_KEY, sender_answers
from linkproof.verify.options import InvalidResolverError, ResolverAddress

if TYPE_CHECKING:
    from linkproof.expectations.model import EndpointExpectation, Expectations
    from linkproof.verify.options import VerifyOptions
    from linkproof.verify.result import Finding

_PRINTABLE = re.compile(r"[\x21-\x7e]+")
_TYPE = re.compile(r"[A-Z0-9-]+")
_CANARY = re.compile(r"/\(canary-([0-9]+)\)")
# Of an authoritative server is asked without RD and with the usual EDNS, but for what shows in other questions alone.
_FLAGS = {"dns.open-recursion": [], "dns.edns-version": ["+norec", "+edns=1"]}
_NOT_QUESTIONS = frozenset({"TLS", "HTTP", "HTTPS"})


class Reproducer:
    """Gives commands.

    Args:
        expectations: for the sender's request of each endpoint.
        options: for the ports and the trust file.
    """

    def __init__(self, expectations: Expectations, options: VerifyOptions) -> None:
        self._options = options
        self._endpoints = {endpoint.id: endpoint for endpoint in expectations.endpoints}

    def __call__(self, finding: Finding) -> str:
        """A shell command, every part of it quoted; empty where there is nobody to ask, or a name that no shell should see."""
        vantage = finding.vantage
        if vantage.kind == "edge":
            return self._edge(finding, self._endpoints.get(finding.id))
        name, record_type = finding.asked_name or finding.name, finding.asked_type or finding.type
        if not _TYPE.fullmatch(record_type) or record_type in _NOT_QUESTIONS or not _PRINTABLE.fullmatch(name):
            return ""
        # kdig takes a word with these at its start for an option or a server
        question = ["-q", name, "-t", record_type] if name[0] in "-+@" else [name, record_type]
        if vantage.kind == "resolver":
            return self._resolver(vantage.server, question)
        if not _is_address(vantage.address):
            return ""
        over_tcp = ["+tcp"] if vantage.transport == "tcp" or finding.rule == "dns.tcp-unreachable" else []
        port = ["-p", str(self._options.dns_port)] if self._options.dns_port != 53 else []
        flags = _FLAGS.get(finding.rule, ["+norec"])
        return _command("kdig", f"@{vantage.address}", *port, *flags, *over_tcp, *question)

    def _resolver(self, server: str, question: list[str]) -> str:
        try:
            resolver = ResolverAddress.parse(server)
        except InvalidResolverError:
            return ""
        ca = ["+tls-ca"] if self._options.ca is None else [f"+tls-ca={self._options.ca}"]
        how = {
            "udp": [],
            "tls": ["+tls", f"+tls-hostname={resolver.host}", *ca],
            "https": [f"+https={resolver.path}", f"+tls-hostname={resolver.host}", *ca],
        }[resolver.transport]
        return _command("kdig", f"@{resolver.host}", "-p", str(resolver.port), *how, *question)

    def _edge(self, finding: Finding, endpoint: EndpointExpectation | None) -> str:
        vantage, host = finding.vantage, finding.name.rstrip(".")
        if not _PRINTABLE.fullmatch(host) or not (vantage.address == "" or _is_address(vantage.address)):
            return ""
        at = f"[{vantage.address}]" if ":" in vantage.address else vantage.address or host
        ca = self._options.ca
        if finding.type not in {"HTTP", "HTTPS"}:
            old = ["-cipher", "DEFAULT:@SECLEVEL=0", "-tls1_1"] if finding.rule == "tls.too-old" else []
            trust = ["-CAfile", str(ca)] if ca else []
            where = f"{at}:{self._options.https_port}"
            return f"{_command('openssl', 's_client', '-connect', where, '-servername', host, '-showcerts', *trust, *old)} </dev/null"
        scheme = finding.type.lower()
        port = self._options.https_port if scheme == "https" else self._options.http_port
        public = 443 if scheme == "https" else 80
        probe = sender_answers(endpoint.sender).probe if endpoint else None
        method = ["--head"] if probe and probe.method == "HEAD" else ["--include"]
        connect = ["--connect-to", f"{host}:{public}:{at}:{port}"]
        insecure = ["--insecure"] if scheme == "https" else []
        if canary := _CANARY.fullmatch(finding.asked_name):
            # its URL is its recipient's, so the command names a variable that the reader sets
            command = _command("curl", "--silent", "--show-error", "--include", *insecure, *connect)
            return f'{command} "$CANARY_{canary[1]}" | cat -v'
        asked = (
            finding.asked_name
            if finding.asked_name.startswith("/") and _PRINTABLE.fullmatch(finding.asked_name)
            else ""
        )
        method = ["--include"] if asked else method
        path, number = asked or (probe.path if probe else "/"), ""
        if probe and probe.is_unique and not asked:
            path, number = f"{path}{'&' if '?' in path else '?'}{NONCE_KEY}=", '"$(date +%s)"'
        command = _command("curl", "--silent", "--show-error", *method, *insecure, *connect, f"{scheme}://{host}{path}")
        # what an unknown server sends is for `cat -v`, not for a terminal
        return f"{command}{number} | cat -v"


def _command(*words: str) -> str:
    return " ".join(shlex.quote(word) for word in words) if all(word.isprintable() for word in words) else ""


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text
