"""Rulesets of a zone: one entry point per phase, its rules and their versions."""

from __future__ import annotations

import time
from typing import Any

from linkproof_lab.apis.idents import hex_id, iso_micro
from linkproof_lab.edges.cloudflare.control_plane.rules import new_rules
from linkproof_lab.store import Store, Zone
from linkproof_lab.vendors.cloudflare.control_plane.contract import ZoneCall
from linkproof_lab.vendors.cloudflare.control_plane.envelope import Answer, CloudflareError, ok
from linkproof_lab.vendors.cloudflare.control_plane.tokens import RULESET_SCOPES, Token

KIND = "cloudflare-ruleset"


class Rulesets:
    """`rulesets` of every zone. The key of a document is `<zone id>/<phase>`: there can be only one."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def answer(self, call: ZoneCall) -> Answer:
        """What is behind `rulesets`."""
        method, zone, path, body = call.method, call.zone, list(call.path[1:]), call.body
        self._authorize(call.token, zone, path, body)
        match method, path:
            case "GET", []:
                return ok([_summary(r) for r in self._of(zone)], {"cursors": {}})
            case "POST", []:
                return self._create(zone, body)
            case (("GET" | "PUT"), ["phases", phase, "entrypoint"]):
                return self._entrypoint(method, zone, phase, body)
            case "GET", [ruleset_id]:
                return ok(self._ruleset(zone, ruleset_id))
            case "PUT", [ruleset_id]:
                return self._update(zone, self._ruleset(zone, ruleset_id), body)
            case "DELETE", [ruleset_id]:
                self._store.delete(KIND, f"{zone.id}/{self._ruleset(zone, ruleset_id)['phase']}")
                return 204, None, {}
            case "POST", [ruleset_id, "rules"]:
                ruleset = self._ruleset(zone, ruleset_id)
                return self._save(zone, ruleset, [*ruleset["rules"], body])
            case (("PATCH" | "DELETE"), [ruleset_id, "rules", rule_id]):
                return self._one_rule(method, zone, self._ruleset(zone, ruleset_id), rule_id, body)
        raise CloudflareError(405, 10405, "Method not allowed for this endpoint.")

    def _authorize(self, token: Token, zone: Zone, path: list[str], body: dict[str, Any]) -> None:
        """Each phase has a permission of its own; a list shows to whoever has one of them.

        Raises:
            CloudflareError: the token does not have it.
        """
        match path:
            case ["phases", phase, *_]:
                phases = [phase]
            case [ruleset_id, *_]:
                phases = [r["phase"] for r in self._of(zone) if r["id"] == ruleset_id]
            case _:
                phases = [body["phase"]] if "phase" in body else []
        scopes = [RULESET_SCOPES[phase] for phase in phases if phase in RULESET_SCOPES] or RULESET_SCOPES.values()
        if not any(token.may(scope, zone.id) for scope in scopes):
            raise CloudflareError(403, None, "request is not authorized")

    def _of(self, zone: Zone) -> list[dict[str, Any]]:
        return [r for key, r in self._store.all(KIND) if key.startswith(f"{zone.id}/")]

    def _ruleset(self, zone: Zone, ruleset_id: str) -> dict[str, Any]:
        for ruleset in self._of(zone):
            if ruleset["id"] == ruleset_id:
                return ruleset
        raise CloudflareError(404, 10003, "could not find ruleset")

    def _create(self, zone: Zone, body: dict[str, Any]) -> Answer:
        phase = _phase(body.get("phase"))
        if body.get("kind") != "zone":
            raise CloudflareError(400, 20217, f"'{body.get('kind')}' is not a valid value for kind", "/kind")
        if not body.get("name"):
            raise CloudflareError(400, 20217, "'' is not a valid value for name because it is required", "/name")
        if self._store.get(KIND, f"{zone.id}/{phase}"):
            because = f"exceeded maximum number of zone rulesets for phase {phase}"
            raise CloudflareError(400, 20217, f"'zone' is not a valid value for kind because {because}", "/kind")
        return self._new(zone, phase, body)

    def _new(self, zone: Zone, phase: str, body: dict[str, Any]) -> Answer:
        ruleset = {
            "id": hex_id(),
            "name": body.get("name", "default"),
            "description": body.get("description", ""),
            "kind": "zone",
            "phase": phase,
            "version": "0",
            "rules": [],
        }
        return self._save(zone, ruleset, body.get("rules", []))

    def _entrypoint(self, method: str, zone: Zone, phase: str, body: dict[str, Any]) -> Answer:
        ruleset = self._store.get(KIND, f"{zone.id}/{_phase(phase)}")
        if method == "GET":
            if ruleset is None:
                raise CloudflareError(404, 10003, f"could not find entrypoint ruleset in the {phase} phase")
            return ok(ruleset)
        unknown = [key for key in body if key not in ("name", "description", "rules")]
        if unknown:
            raise CloudflareError(400, 10021, f"invalid JSON: unknown field {unknown[0]}")
        return self._update(zone, ruleset, body) if ruleset else self._new(zone, phase, body)

    def _update(self, zone: Zone, ruleset: dict[str, Any], body: dict[str, Any]) -> Answer:
        for fixed in ("kind", "phase"):
            if body.get(fixed, ruleset[fixed]) != ruleset[fixed]:
                raise CloudflareError(400, 20217, f"'{body[fixed]}' is not a valid value for {fixed}", f"/{fixed}")
        changed: dict[str, Any] = {key: body[key] for key in ("name", "description") if key in body}
        return self._save(zone, {**ruleset, **changed}, body.get("rules", []))

    def _one_rule(self, method: str, zone: Zone, ruleset: dict[str, Any], rule_id: str, body: dict[str, Any]) -> Answer:
        at = next((n for n, rule in enumerate(ruleset["rules"]) if rule["id"] == rule_id), None)
        if at is None:
            raise CloudflareError(404, 10003, f"could not find rule {rule_id} in the ruleset")
        rules: list[dict[str, Any]] = list(ruleset["rules"])
        rules[at : at + 1] = [] if method == "DELETE" else [{**rules[at], **body, "id": rule_id}]
        return self._save(zone, ruleset, rules)

    def _save(self, zone: Zone, ruleset: dict[str, Any], wanted: list[dict[str, Any]]) -> Answer:
        now = iso_micro(time.time())
        rules = new_rules(wanted, ruleset["rules"], ruleset["phase"], now)
        ruleset = {**ruleset, "rules": rules, "version": str(int(ruleset["version"]) + 1), "last_updated": now}
        self._store.put(KIND, f"{zone.id}/{ruleset['phase']}", ruleset)
        return ok(ruleset)


def _phase(phase: Any) -> str:
    if phase not in RULESET_SCOPES:
        raise CloudflareError(400, 20217, f"'{phase}' is not a valid value for phase", "/phase")
    return str(phase)


def _summary(ruleset: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in ruleset.items() if key != "rules"}
