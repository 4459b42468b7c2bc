"""KARTE CNAME Tracking: one CNAME, DNS only, once KARTE answers for the host; proved over TLS alone (its paths record events)."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from linkproof.acm import VALIDATION_NAME, VALIDATION_VALUE
from linkproof.contract.checks import Endpoint
from linkproof.contract.declared import TrackingHost, Zone
from linkproof.contract.items import Item, Record
from linkproof.contract.sender import HostPart
from linkproof.contract.values import Late
from linkproof.senders.karte.facts import RENEWAL, TARGET
from linkproof.senders.karte.items import ExportableCertificate
from linkproof.senders.karte.options import AcmeForm, AcmForm

__all__ = ["TARGET", "plan"]

_VALIDATION_TTL_SECONDS = 300


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
    form = host.options.certificate
    requested = _requested(host, zone, form) if isinstance(form, AcmForm) and form.arn is None else ()
    return HostPart(
        f"{TARGET}.",
        ((record,) if host.is_published else ()) + requested,
        (endpoint,),
        f"RSA 2048, one host, {_made(host)}uploaded in KARTE's admin page by hand; no proxy. On renewal neither DNS nor tag changes",
        "KARTE's tracking stops altogether on every page that uses the host",
    )


def _requested(host: TrackingHost, zone: Zone, form: AcmForm) -> tuple[Item, ...]:
    """The certificate and the record that proves it: before KARTE has it, and for as long as ACM is to renew it."""
    name = host.host.text
    validation = Record(
        id=f"{host.key}/validation",
        path=f"{host.path}.certificate",
        resource=f"{name}/validation",
        zone=zone.name.text,
        name=Late(name, VALIDATION_NAME, "the validation name of certificate"),
        type="CNAME",
        value=Late(name, VALIDATION_VALUE, "the validation value of certificate"),
        ttl_seconds=_VALIDATION_TTL_SECONDS,
        protect=True,
        resolve="none",
        shared=True,  # ACM proves all certificates of an account for one host by one record
    )
    return validation, ExportableCertificate(name, f"{host.path}.certificate", name, form.account, form.place)


def _made(host: TrackingHost) -> str:
    """Who makes the next one, where that is declared."""
    form: AcmeForm | AcmForm | None = host.options.certificate
    if form is None:
        return ""
    if isinstance(form, AcmForm):
        return f"{'requested from' if form.arn is None else 'renewed by'} ACM ({form.place}) and exported by `linkproof karte issue`, "
    return f"made by `linkproof karte issue` at {urlsplit(form.directory).netloc}, "
