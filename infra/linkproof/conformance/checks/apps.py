"""The files by which apps open links, as Apple and Android read them."""

from __future__ import annotations

import json

from linkproof.conformance.origin.orders import Order
from linkproof.conformance.run.found import Found
from linkproof.conformance.run.session import Session

PATHS = ("/apple-app-site-association", "/.well-known/apple-app-site-association", "/.well-known/assetlinks.json")
_JSON = "application/json"
_BODY = '{"applinks":{"apps":[],"details":[{"appID":"TEAM.app","paths":["/uni/*"]}]}}'


async def files(session: Session, found: Found) -> None:
    order = Order(status=200, headers=(("Content-Type", _JSON),), body=_BODY)
    for path in PATHS:
        seen = await session.ask(path, key=path, order=order)
        answer = seen.answer
        try:
            if answer is None or answer.status != 200 or not answer.value("content-type").startswith(_JSON):
                kind = answer.value("content-type") if answer else ""
                found.fault(seen.sent, f"200 and {_JSON}", f"{seen.shown()} {kind}")
                continue
            json.loads(answer.body)
        except ValueError:
            found.fault(seen.sent, "JSON", "something else")
            continue
        if not seen.arrived:
            found.notes.append(f"the edge answers {path} itself")
        elif answer.body != _BODY.encode():
            found.fault(seen.sent, "the origin's file", "another")
        await session.at.order(path, None)
