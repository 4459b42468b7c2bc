"""Its part of Azure Resource Manager: `Microsoft.Cdn/profiles`."""

from __future__ import annotations

from linkproof_lab.edges.azure.control_plane.profiles import Profiles
from linkproof_lab.edges.azure.control_plane.reports import Reports
from linkproof_lab.edges.azure.control_plane.validating import Validator
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.azure.control_plane.contract import AzureCall, Document


def api(settings: LabSettings, store: Store, parts: tuple[()]) -> FrontDoors:
    return FrontDoors(settings, store)


class FrontDoors:
    NAMESPACE = "Microsoft.Cdn"

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._profiles = Profiles(store)
        self._reports = Reports(settings, store)
        self._validator = Validator(settings, store)

    def answer(self, call: AzureCall) -> Document:
        match call.method, [part.lower() for part in call.path]:
            case "GET", ["profiles", _, "getloganalyticsmetrics"]:
                return self._reports.answer(call)
        return self._profiles.answer(call)

    async def run(self) -> None:
        """Follow domains until they are validated."""
        await self._validator.run()
