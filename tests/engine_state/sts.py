"""A small STS on loopback: AssumeRole alone, in AWS's query protocol."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

_ANSWER = """<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
<Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t-{key}</SessionToken>
<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
<AssumedRoleUser><AssumedRoleId>A:b</AssumedRoleId><Arn>{arn}</Arn></AssumedRoleUser>
</AssumeRoleResult></AssumeRoleResponse>"""
_REFUSAL = """<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
<Code>AccessDenied</Code><Message>User is not authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>"""


@dataclass
class Sts:
    """What was asked: the key that signed, and the request's fields.

    Args:
        keys: the access key that each role gives; a role that is not here may not be assumed.
    """

    url: str
    keys: dict[str, str]
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@contextmanager
def sts(keys: dict[str, str]) -> Iterator[Sts]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            fields = {name: values[0] for name, values in parse_qs(body).items()}
            signed = re.search(r"Credential=([^/]+)/", self.headers["Authorization"])
            assert signed is not None
            made.asked.append((signed[1], fields))
            arn = fields["RoleArn"]
            known = arn in made.keys
            text = _ANSWER.format(key=made.keys[arn], arn=arn) if known else _REFUSAL
            self.send_response(200 if known else 403)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made = Sts(f"http://127.0.0.1:{server.server_port}", keys)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join(10)
