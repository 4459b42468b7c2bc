"""Rules of a ruleset: what is accepted, and which id, ref and version each one has."""

from __future__ import annotations

from typing import Any

from linkproof_lab.apis.idents import hex_id
from linkproof_lab.vendors.cloudflare.control_plane.envelope import CloudflareError

_MOST_EXPRESSION_CHARS = 4096
# Plan Free; developers.cloudflare.com/rules/configuration-rules and cache/how-to/cache-rules, section Availability.
_MOST_RULES = {
    "http_config_settings": 10,
    "http_request_cache_settings": 10,
    "http_request_origin": 10,
    "http_request_late_transform": 10,
}
_ACTIONS = {
    "http_config_settings": "set_config",
    "http_request_cache_settings": "set_cache_settings",
    "http_request_origin": "route",
    "http_request_late_transform": "rewrite",
}
_SSL = ("off", "flexible", "full", "strict", "origin_pull")


def new_rules(wanted: list[dict[str, Any]], old: list[dict[str, Any]], phase: str, now: str) -> list[dict[str, Any]]:
    """The rules a ruleset gets: a rule whose id or ref is known keeps its id, and its version grows if it changed.

    Raises:
        CloudflareError: a rule is not acceptable.
    """
    most = _MOST_RULES.get(phase)
    if most is not None and len(wanted) > most:
        because = f"exceeded the maximum number of rules in the phase {phase}: {len(wanted)} out of {most}"
        raise CloudflareError(400, 20217, because, "/rules")
    by_key = {rule[key]: rule for key in ("ref", "id") for rule in old}
    rules, refs = [], set()
    for number, rule in enumerate(wanted):
        _check(rule, phase, f"/rules/{number}")
        before = by_key.get(rule.get("id", "")) or by_key.get(rule.get("ref", ""))
        made = _made(rule, before, now)
        if made["ref"] in refs:
            raise CloudflareError(
                400,
                20217,
                f"'{made['ref']}' is not a valid value for ref because it is not unique",
                f"/rules/{number}/ref",
            )
        refs.add(made["ref"])
        rules.append(made)
    return rules


def _made(rule: dict[str, Any], before: dict[str, Any] | None, now: str) -> dict[str, Any]:
    rule_id = before["id"] if before else hex_id()
    made: dict[str, Any] = {
        "id": rule_id,
        "version": "1",
        "action": rule["action"],
        "expression": rule["expression"],
        "description": rule.get("description") or "",
        "last_updated": now,
        "ref": rule.get("ref") or (before["ref"] if before else rule_id),
        "enabled": rule.get("enabled", True),
    }
    for optional in ("action_parameters", "logging", "ratelimit"):
        if rule.get(optional) is not None:
            made[optional] = rule[optional]
    if before:
        bookkeeping = {"version": before["version"], "last_updated": before["last_updated"]}
        if {**made, **bookkeeping} == before:
            return before
        made["version"] = str(int(before["version"]) + 1)
    return made


def _check(rule: Any, phase: str, pointer: str) -> None:
    if not isinstance(rule, dict):
        raise CloudflareError(400, 10021, "invalid JSON: a rule is an object", pointer)
    expression = rule.get("expression")
    if not isinstance(expression, str) or not expression.strip():
        raise CloudflareError(
            400, 20217, "'' is not a valid value for expression because it is required", f"{pointer}/expression"
        )
    if len(expression) > _MOST_EXPRESSION_CHARS:
        because = f"the expression is longer than {_MOST_EXPRESSION_CHARS} characters"
        raise CloudflareError(400, 20127, f"the expression is not valid because {because}", f"{pointer}/expression")
    action, needed = rule.get("action"), _ACTIONS.get(phase)
    if not action or (needed and action != needed):
        because = f"the action is not allowed in phase {phase}"
        raise CloudflareError(
            400, 20217, f"'{action or ''}' is not a valid value for action because {because}", f"{pointer}/action"
        )
    for name in (rule.get("action_parameters") or {}).get("headers") or {}:
        # developers.cloudflare.com/rules/transform/request-header-modification: not to be modified
        if phase == "http_request_late_transform" and name.lower().startswith(("cf-", "x-cf-")):
            raise CloudflareError(
                400, 20217, f"'{name}' is not a valid value for header name", f"{pointer}/action_parameters/headers"
            )
    ssl = (rule.get("action_parameters") or {}).get("ssl")
    if phase == "http_config_settings" and ssl is not None and ssl not in _SSL:
        raise CloudflareError(400, 20217, f"'{ssl}' is not a valid value for ssl", f"{pointer}/action_parameters/ssl")
