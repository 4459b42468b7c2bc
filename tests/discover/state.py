"""A state as `terraform show -json` writes it."""

from __future__ import annotations

from typing import Any

R53, CF = "Z2FDTNDATAQYW2", "9a7806061c88ada191ed06f989cc3dac"


def state(*resources: dict[str, Any], children: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    root = {"resources": list(resources), **({"child_modules": children} if children else {})}
    outputs = {"token": {"sensitive": True, "value": "hush-hush", "type": "string"}}
    return {"format_version": "1.0", "terraform_version": "1.9.5", "values": {"outputs": outputs, "root_module": root}}


def resource(kind: str, name: str = "this", /, **values: Any) -> dict[str, Any]:
    return {
        "address": f"{kind}.{name}", "mode": "managed", "type": kind, "name": name, "schema_version": 0,
        "provider_name": "hashicorp/aws", "values": values, "sensitive_values": {},
    }  # fmt: skip


def aws_zone(name: str = "example.net", **values: Any) -> dict[str, Any]:
    return resource("aws_route53_zone", name, id=R53, zone_id=R53, name=name, vpc=[], comment="Managed", **values)


def aws_record(fqdn: str, target: str, **values: Any) -> dict[str, Any]:
    whole = {
        "alias": [], "fqdn": fqdn, "name": fqdn.partition(".")[0], "records": [target], "set_identifier": "", "ttl": 300,
        "type": "CNAME", "weighted_routing_policy": [], "multivalue_answer_routing_policy": None, "zone_id": R53,
    }  # fmt: skip
    return resource("aws_route53_record", fqdn, **{**whole, **values})


def distribution(target: str, *hosts: str, origin: str = "sendgrid.net", **values: Any) -> dict[str, Any]:
    origins = [{"domain_name": origin, "origin_id": "x", "custom_header": [{"name": "x-key", "value": "hush-hush"}]}]
    whole = {"aliases": list(hosts), "domain_name": target, "enabled": True, "id": "E1", "origin": origins}
    return resource("aws_cloudfront_distribution", target, **{**whole, **values})
