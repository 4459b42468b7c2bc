"""Its part of Google Cloud's API: Compute's load balancing, Certificate Manager, and what Cloud Monitoring counts."""

from __future__ import annotations

from linkproof_lab.edges.gcp.control_plane.certificates import Certificates
from linkproof_lab.edges.gcp.control_plane.compute import Compute
from linkproof_lab.edges.gcp.control_plane.issuing import Issuer
from linkproof_lab.edges.gcp.control_plane.time_series import TimeSeries
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.gcp.control_plane.contract import Document, GcpCall


def api(settings: LabSettings, store: Store, parts: tuple[()]) -> LoadBalancing:
    return LoadBalancing(settings, store)


class LoadBalancing:
    API = "compute certificatemanager monitoring"

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._compute = Compute(settings, store)
        self._certificates = Certificates(store)
        self._series = TimeSeries(settings, store)
        self._issuer = Issuer(settings, store)

    def answer(self, call: GcpCall) -> Document:
        match call.api:
            case "compute":
                return self._compute.answer(call)
            case "monitoring":
                return self._series.answer(call)
        return self._certificates.answer(call)

    async def run(self) -> None:
        """Follow certificates until they are issued."""
        await self._issuer.run()
