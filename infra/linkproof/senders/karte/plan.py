"""KARTE CNAME Tracking: one CNAME, DNS only, once KARTE answers for the host; proved over TLS alone (its paths record events)."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from linkproof.contract.checks import Endpoint
from linkproof.contract.declared import TrackingHost, Zone
from linkproof.contract.items import Record
from linkproof.contract.sender import HostPart
from linkproof.senders.karte.facts import RENEWAL, TARGET
from linkproof.senders.karte.options import AcmeForm, AcmForm

__all__ = ["TARGET", "plan"]


def plan(host: TrackingHost, zone: Zone) -> HostPart:
    """The record, and the certificate that KARTE serves."""
    name = host.host.text
    record = Record(
        id=f"{host.key}/host",
        path=f"{host.path}.host",
        resource=f"{name}/CNAME",
        zone=zone.name.text,
        name=name,
        type="CNAME",
        value=f"{TARGET}.",
        ttl_seconds=host.ttl_seconds,
        protect=True,
    )
    endpoint = Endpoint(
        id=f"{host.key}/tls",
        path=host.path,
        host=name,
        sender=host.provider,
        phase=None,
        http="off",
        renewal=RENEWAL,
    )
    if not host.is_published:
        endpoint = replace(endpoint, connect=TARGET, https="awaited")
    return HostPart(
        f"{TARGET}.",
        (record,) if host.is_published else (),
        (endpoint,),
        f"RSA 2048, one host, {_made(host)}uploaded in KARTE's admin page by hand; no proxy. On renewal neither DNS nor tag changes",
        "KARTE's tracking stops altogether on every page that uses the host",
    )


def _made(host: TrackingHost) -> str:
    """Who makes the next one, where that is declared."""
    form: AcmeForm | AcmForm | None = host.options.certificate
    if form is None:
        return ""
    if isinstance(form, AcmForm):
        return f"renewed by ACM ({form.region}) and exported by `linkproof karte issue`, "
    return f"made by `linkproof karte issue` at {urlsplit(form.directory).netloc}, "
