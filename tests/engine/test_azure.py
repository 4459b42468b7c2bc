"""A link in an Azure DNS zone behind Front Door, by the real engine: from nothing through the phases and back to nothing."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from linkproof_lab.senders.sendgrid.links import make_link
from linkproof_lab.store import Store
from linkproof_lab.vendors.azure.facts import CLIENT_SECRET, options
from linkproof_lab.web.clicks import read_clicks

from tests.engine.counting import counted, known
from tests.engine.sandbox import Sandbox, link, sandbox, until

HOST, OWNER = "url1.example.net", "1234567.example.net"
PROOF = f"_dnsauth.{HOST}"
ZONE = "mail/example.net"
OBJECTS = "azure-cdn"
PAGE = "https://www.example.com/a%20b?x=1&y=2"


def at(phase: str) -> dict[str, Any]:
    return {
        "zones": {"example.net": {"dns": "azure", "id": ZONE, "propagation_seconds": 1}},
        "edges": {"door": {"provider": "azure", "resource_group": "edge"}},
        "links": {"newsletter": link(HOST, phase, "door", OWNER, ttl_seconds=1)},
    }


@pytest.fixture(scope="module")
def azure(engine_present: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("project")) as made:
        made.stack(
            "dev",
            at("ready"),
            options={"azure": options(made.lab.api_url("vendors/azure"))},
            secrets={"azureClientSecret": CLIENT_SECRET},
        )
        yield made


def held(box: Sandbox) -> tuple[str, dict[str, Any]]:
    """The domain as Azure has it."""
    with box.control as control:
        documents = control.documents(OBJECTS)
    return next((path, doc) for path, doc in documents.items() if "/customDomains/" in path)


def validation(box: Sandbox) -> str:
    return str(held(box)[1]["properties"]["domainValidationState"])


def put(box: Sandbox, path: str, doc: dict[str, Any]) -> None:
    with box.control as control:
        control.put_document(OBJECTS, path, doc)


def clicked(box: Sandbox, path: str, host: str) -> tuple[int, str | None]:
    connection = http.client.HTTPConnection(box.lab.edge_addresses("azure")[0], box.lab.http_port, timeout=20)
    try:
        connection.request("GET", path, headers={"Host": host, "User-Agent": "reader/1"})
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.getheader("Location")
    finally:
        connection.close()


def test_it_is_built_and_proven_beside_the_sender_before_any_click_is_led_there(azure: Sandbox) -> None:
    steps = azure.steps_of_up("dev")
    assert {op for op, _ in steps} == {"create"}
    with azure.control as control:
        served = {(one["name"], one["type"]): one["data"] for one in control.records(ZONE)["rrsets"]}
    assert served[HOST, "CNAME"] == ["sendgrid.net."]
    assert (PROOF, "TXT") in served
    until(lambda: validation(azure) == "Approved")
    code, report = azure.verify("dev")
    assert code in (0, 3, 4), (report["findings"], report["could_not_check"])
    assert not report["findings"]
    # nobody but we ourselves has been there, and its counter has no more than we know of
    url = azure.lab.api_url("vendors/azure")
    assert (
        counted(azure, "azure", HOST, options(url), {"azureClientSecret": CLIENT_SECRET}) == known(azure, "azure") > 0
    )


def test_a_sender_whose_certificate_has_not_the_name_that_azure_expects_is_an_error_before_dns_moves(
    azure: Sandbox,
) -> None:
    with azure.control as control:
        path, doc = next((path, doc) for path, doc in control.documents(OBJECTS).items() if "/origins/" in path)
    by_host = {**doc["properties"], "certificateNameCheckValidationMode": "IncomingHostHeader"}
    put(azure, path, {**doc, "properties": by_host})
    code, report = azure.verify("dev")
    assert (code, {one["rule"] for one in report["findings"]}) == (1, {"http.origin-unreachable"})
    put(azure, path, doc)


def test_a_host_whose_token_has_ended_is_not_led_there_and_another_token_proves_it(azure: Sandbox) -> None:
    path, doc = held(azure)
    over = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    ended = {**doc["properties"]["validationProperties"], "expirationDate": over}
    put(
        azure,
        path,
        {**doc, "properties": {**doc["properties"], "domainValidationState": "Pending", "validationProperties": ended}},
    )
    until(lambda: validation(azure) == "Timeout")
    azure.declare("dev", at("live"))
    said = azure.linkproof("guard", "dev", code=2).stdout
    assert (
        f"refused: {HOST}: its click record would lead to Front Door, and its domain is Timeout; its token ends at {over}"
        in said
    )
    assert "refreshValidationToken" in said
    azure.declare("dev", at("ready"))
    token = {"validationToken": "b" * 32, "expirationDate": (datetime.now(UTC) + timedelta(days=7)).isoformat()}
    put(
        azure,
        path,
        {**doc, "properties": {**doc["properties"], "domainValidationState": "Pending", "validationProperties": token}},
    )
    azure.pulumi("refresh", "--stack", "dev", "--yes", "--skip-preview", "--suppress-outputs")
    assert azure.steps_of_up("dev") == [("update", f"{PROOF}/TXT")]
    with azure.control as control:
        control.flush_resolver()
    until(lambda: validation(azure) == "Approved")


def test_the_step_is_one_update_of_the_click_record_and_is_proven(azure: Sandbox) -> None:
    azure.declare("dev", at("live"))
    azure.linkproof("guard", "dev")
    steps = azure.steps_of_up("dev")
    assert [step for step in steps if step[1].endswith("/CNAME")] == [("update", f"{HOST}/CNAME")]
    assert not [op for op, _ in steps if "replace" in op]
    code, report = azure.verify("dev")
    assert code in (0, 4), (report["findings"], report["could_not_check"])
    azure.pulumi("refresh", "--stack", "dev", "--preview-only", "--expect-no-changes")


def test_a_click_arrives_with_its_host_and_nobodys_host_is_answered_with_404(azure: Sandbox) -> None:
    path = make_link(Store(azure.lab.database), HOST, PAGE)
    assert clicked(azure, path, HOST) == (302, PAGE)
    (line,) = read_clicks(azure.lab)
    assert (line["sender"], line["host"], line["path"], line["user_agent"]) == ("sendgrid", HOST, path, "reader/1")
    assert clicked(azure, path, "somebody-else.example.org") == (404, None)


def test_it_goes_back_and_leaves_nothing_but_the_sender_s_records(azure: Sandbox) -> None:
    azure.declare("dev", at("ready"))
    azure.linkproof("guard", "dev")
    azure.up("dev")
    azure.declare("dev", at("branded"))
    azure.linkproof("guard", "dev", "--wait", "1m")
    azure.up("dev")
    with azure.control as control:
        assert control.documents(OBJECTS) == {}
        served = {one["name"] for one in control.records(ZONE)["rrsets"]}
    assert {HOST, OWNER} <= served
    assert PROOF not in served
