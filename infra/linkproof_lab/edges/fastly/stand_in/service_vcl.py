"""fastly:index/serviceVcl:ServiceVcl: a service whose every change is a new version, validated and activated.

The steps are those of terraform-provider-fastly (`base_fastly_service.go`); the seven seconds that it sleeps after a clone are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from linkproof.providers.protocol.base import ApiError, InitFailedError, Patience, ProviderError, ResourceType, State
from linkproof.providers.protocol.schema import FLAG, NUMBER, TEXT, Field, choice, obj, required, set_of, words
from linkproof.providers.protocol.values import Properties

from linkproof_lab.edges.fastly.stand_in.client import FastlyClient, part

_DEFAULT_COMMENT: Final = "Managed by Terraform"
_DEFAULT_TTL_SECONDS: Final = 3600
_OFF, _EMPTY = FLAG.but(default=False), TEXT.but(default="")
_BACKEND = obj(
    {
        "name": required(TEXT),
        "address": required(TEXT),
        "port": NUMBER.but(default=80),
        "useSsl": _OFF,
        "sslCheckCert": FLAG.but(default=True),
        "sslCertHostname": _EMPTY,
        "sslSniHostname": _EMPTY,
        "sslCaCert": _EMPTY,
        "sslCiphers": _EMPTY,
        "minTlsVersion": _EMPTY,
        "maxTlsVersion": _EMPTY,
        "overrideHost": _EMPTY,
        "connectTimeout": NUMBER.but(default=1000),
        "firstByteTimeout": NUMBER.but(default=15000),
        "betweenBytesTimeout": NUMBER.but(default=10000),
        "errorThreshold": NUMBER.but(default=0),
        "maxConn": NUMBER.but(default=200),
        "weight": NUMBER.but(default=100),
        "autoLoadbalance": _OFF,
        "preferIpv6": FLAG,
    },
    elsewhere=words(
        "healthcheck keepaliveTime maxLifetime maxUse requestCondition shareKey shield sslClientCert sslClientKey"
    ),
)
_REQUEST_SETTING = obj(
    {
        "name": required(TEXT),
        "action": choice("lookup", "pass"),
        "defaultHost": _EMPTY,
        "forceMiss": _OFF,
        "forceSsl": _OFF,
        "bypassBusyWait": _OFF,
        "hashKeys": _EMPTY,
        "maxStaleAge": NUMBER.but(default=0),
        "timerSupport": _OFF,
        "xff": choice("clear", "leave", "append", "append_all", "overwrite", default="append"),
    },
    elsewhere=("requestCondition",),
)
_CACHE_SETTING = obj(
    {
        "name": required(TEXT),
        "action": choice("cache", "pass", "restart"),
        "ttl": NUMBER.but(default=0),
        "staleTtl": NUMBER.but(default=0),
    },
    elsewhere=("cacheCondition",),
)
_SNIPPET = obj(
    {
        "name": required(TEXT),
        "type": required(TEXT),
        "content": required(TEXT),
        "priority": NUMBER.but(default=100),
    }
)
_SETS: Final[Mapping[str, tuple[str, Field]]] = {
    "domains": ("domain", obj({"name": required(TEXT), "comment": _EMPTY})),
    "backends": ("backend", _BACKEND),
    "requestSettings": ("request_settings", _REQUEST_SETTING),
    "cacheSettings": ("cache_settings", _CACHE_SETTING),
    "snippets": ("snippet", _SNIPPET),
}
"""Which of the service's sets there are here: the part of the path, and the form of one."""

# What the answer calls another name than the provider does, and what a form must not say as nothing.
_PLURALS: Final = {"domain": "domains", "backend": "backends", "snippet": "snippets"}


class ServiceVcl(ResourceType):
    """One service. Nothing replaces it."""

    token = "fastly:index/serviceVcl:ServiceVcl"  # noqa: S105
    schema = obj(
        {
            "name": TEXT,
            "comment": TEXT.but(default=_DEFAULT_COMMENT),
            "versionComment": _EMPTY,
            "activate": FLAG.but(default=True),
            "defaultTtl": NUMBER.but(default=_DEFAULT_TTL_SECONDS),
            "defaultHost": TEXT,
            "staleIfError": _OFF,
            "staleIfErrorTtl": NUMBER.but(default=43200),
            "forceDestroy": FLAG,
            "reuse": FLAG,
            **{name: set_of(form) for name, (_, form) in _SETS.items()},
        },
        elsewhere=words(
            "acls conditions dictionaries directors dynamicsnippets gzips headers healthchecks http3 imageOptimizerDefaultSettings "
            "loggingBigqueries loggingBlobstorages loggingCloudfiles loggingDatadogs loggingDigitaloceans loggingElasticsearches loggingFtps "
            "loggingGcs loggingGooglepubsubs loggingGrafanacloudlogs loggingHerokus loggingHoneycombs loggingHttps loggingKafkas "
            "loggingKineses loggingLogentries loggingLogglies loggingLogshuttles loggingNewrelicotlps loggingNewrelics loggingOpenstacks "
            "loggingPapertrails loggingS3s loggingScalyrs loggingSftps loggingSplunks loggingSumologics loggingSyslogs productEnablement "
            "rateLimiters responseObjects stage vcls"
        ),
    )
    computed = ("activeVersion", "clonedVersion", "forceRefresh", "imported", "stagedVersion")
    volatile = ("activeVersion", "clonedVersion")
    local = ("activate", "forceDestroy", "reuse", "versionComment")
    named = True

    def __init__(self, fastly: FastlyClient) -> None:
        self._fastly = fastly

    def create(self, inputs: Properties, patience: Patience) -> State:
        values = {"name": inputs["name"], "comment": inputs.get("comment", _DEFAULT_COMMENT), "type": "vcl"}
        made = self._fastly.form("POST", "/service", values)
        try:
            self._write(made["id"], 1, {}, inputs)
        except ApiError as error:
            raise InitFailedError(State(made["id"], inputs, _versions(0, 1)), str(error)) from error
        return self._known(made["id"], inputs)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        # the provider imports `<service id>@<version>` too
        service_id = resource_id.partition("@")[0]
        try:
            details = self._fastly.form("GET", f"/service/{part(service_id)}/details")
        except ApiError as error:
            if error.status == 404:
                return None
            raise
        return _state(details, outputs)

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        state = self.read(resource_id, old_outputs)
        if state is None:
            raise ProviderError(
                f"service {resource_id} is gone", "run `pulumi refresh`, which removes it from the state"
            )
        path = f"/service/{part(resource_id)}"
        comment = inputs.get("comment", _DEFAULT_COMMENT)
        self._fastly.form("PUT", path, {"name": inputs.get("name", state.inputs["name"]), "comment": comment})
        if self._differs(state.inputs, inputs) or not state.computed["activeVersion"]:
            clone = self._fastly.form("PUT", f"{path}/version/{state.computed['clonedVersion']}/clone")
            self._write(resource_id, int(clone["number"]), state.inputs, inputs)
        return self._known(resource_id, inputs)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        state = self.read(resource_id, outputs)
        if state is None:
            return
        path = f"/service/{part(resource_id)}"
        active = state.computed["activeVersion"]
        if active and (outputs.get("forceDestroy") or outputs.get("reuse")):
            self._fastly.form("PUT", f"{path}/version/{active}/deactivate")
        if not outputs.get("reuse"):
            self._fastly.form("DELETE", path)

    def _differs(self, held: Properties, inputs: Properties) -> bool:
        """Whether anything that is in a version does."""
        versionless = ("name", "comment", *self.local)
        before, after = self.normal(held), self.normal(inputs)
        return any(before.get(name) != after.get(name) for name in self.schema.fields if name not in versionless)

    def _write(self, service_id: str, number: int, held: Properties, inputs: Properties) -> None:
        """Bring an open version to the inputs, have it validated, and activate it."""
        path = f"/service/{part(service_id)}/version/{number}"
        for name, (kind, form) in _SETS.items():
            before = {one["name"]: one for one in held.get(name) or ()}
            after = {one["name"]: one for one in inputs.get(name) or ()}
            for gone in before.keys() - after.keys():
                self._fastly.form("DELETE", f"{path}/{kind}/{part(gone)}")
            for one in after.values():
                known = one["name"] in before
                at = f"{path}/{kind}/{part(one['name'])}" if known else f"{path}/{kind}"
                self._fastly.form("PUT" if known else "POST", at, _to_wire(form, one))
        self._fastly.form("PUT", f"{path}/settings", _settings(inputs))
        said = self._fastly.form("GET", f"{path}/validate")
        if said["status"] != "ok":
            raise ApiError(f"GET {path}/validate", 200, "invalid configuration", said["msg"])
        if inputs.get("activate") is not False:
            self._fastly.form("PUT", f"{path}/activate")

    def _known(self, service_id: str, inputs: Properties) -> State:
        state = self.read(service_id, inputs)
        assert state is not None, "Fastly does not know a service that it has just made"
        return state


def _state(details: Mapping[str, Any], outputs: Properties) -> State:
    active = details["active_version"]
    version = active or details["version"]
    settings = version["settings"]
    kept = {name: outputs[name] for name in ServiceVcl.local if name in outputs}
    inputs: Properties = {
        "name": details["name"],
        "comment": details["comment"],
        **kept,
        "defaultTtl": settings["general.default_ttl"],
        "staleIfError": settings["general.stale_if_error"],
        "staleIfErrorTtl": settings["general.stale_if_error_ttl"],
        **({"defaultHost": settings["general.default_host"]} if settings["general.default_host"] else {}),
    }
    for name, (kind, form) in _SETS.items():
        found = [_from_wire(form, one) for one in version[_PLURALS.get(kind, kind)]]
        if found:
            inputs[name] = found
    return State(details["id"], inputs, _versions(active["number"] if active else 0, version["number"]))


def _versions(active: int, cloned: int) -> Properties:
    return {
        "activeVersion": active,
        "clonedVersion": cloned,
        "forceRefresh": False,
        "imported": False,
        "stagedVersion": 0,
    }


def _settings(inputs: Properties) -> dict[str, Any]:
    return {
        "general.default_ttl": inputs.get("defaultTtl", _DEFAULT_TTL_SECONDS),
        "general.default_host": inputs.get("defaultHost"),
        "general.stale_if_error": bool(inputs.get("staleIfError", False)),
        "general.stale_if_error_ttl": inputs.get("staleIfErrorTtl", 43200),
    }


def _to_wire(form: Field, one: Properties) -> dict[str, Any]:
    """All members: what is not given is sent as its default, as the provider does; an empty text is left out."""
    found = {}
    for name, member in form.fields.items():
        value = one.get(name, member.default)
        if value not in (None, ""):
            found[_snake(name)] = value
    return found


def _from_wire(form: Field, one: Mapping[str, Any]) -> Properties:
    found = {name: one.get(_snake(name)) for name in form.fields}
    return {name: value for name, value in found.items() if value is not None}


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
