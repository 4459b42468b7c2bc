"""KeyCDN's API: what it holds, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from linkproof_lab import ca
from linkproof_lab.edges.keycdn.facts import KEYCDN_KEY

from tests.lab.apis.conftest import Lab

ZONE = {"name": "shop", "type": "pull", "originurl": "https://sendgrid.net"}


@pytest.fixture
def lab(tmp_path: Any) -> Iterator[Lab]:
    made = Lab(tmp_path / "lab")
    yield made
    made.close()


def ask(lab: Lab, method: str, path: str, body: Any = None, key: str = KEYCDN_KEY, **how: Any) -> tuple[int, Any]:
    url = f"{lab.settings.api_url('edges/keycdn')}/{path}.json"
    answer = httpx.request(method, url, json=body, auth=(key, ""), trust_env=False, **how)
    document = answer.json()
    return answer.status_code, document.get("data") if answer.status_code == 200 else document["description"]


def test_a_new_zone_has_the_vendor_s_defaults_which_bite(lab: Lab) -> None:
    zone = ask(lab, "POST", "zones", ZONE)[1]["zone"]
    assert [zone[f"cacheignore{name}"] for name in ("querystring", "cachecontrol")] == ["enabled", "enabled"]
    assert (zone["cachehostheader"], zone["sslcert"], zone["cachemaxexpire"]) == ("disabled", "shared", "1440")
    assert "customsslkey" not in zone
    url = f"{lab.settings.api_url('edges/keycdn')}/zones/{zone['id']}.json"
    httpx.put(url, data={"cachehostheader": "enabled"}, auth=(KEYCDN_KEY, ""), trust_env=False)
    assert ask(lab, "GET", f"zones/{zone['id']}")[1]["zone"]["cachehostheader"] == "enabled", "a form is taken too"


def test_what_is_wrong_is_refused(lab: Lab) -> None:
    assert ask(lab, "GET", "zones", key="x")[0] == 401
    assert ask(lab, "POST", "zones", {**ZONE, "name": "with-hyphen"})[0] == 400
    assert ask(lab, "POST", "zones", {**ZONE, "originurl": "sendgrid.net"})[0] == 400
    assert ask(lab, "POST", "zones", {**ZONE, "gzip": "on"})[0] == 400
    assert ask(lab, "POST", "zones", {**ZONE, "cachemaxexpire": "a day"})[0] == 400
    one, two = (ca.issue(lab.settings, ["a.example.net"], key="ec256") for _ in range(2))
    wrong = {"sslcert": "custom", "customsslcert": one.cert_pem, "customsslkey": two.key_pem}
    assert ask(lab, "POST", "zones", {**ZONE, **wrong})[0] == 400
    assert ask(lab, "POST", "zones", {**ZONE, "customsslcert": "x" * 70000})[0] == 413
    assert ask(lab, "GET", "zones/1")[0] == ask(lab, "GET", "reports")[0] == 404
    assert ask(lab, "GET", "zones")[1] == {"zones": []}


def test_a_host_is_an_alias_of_one_zone_and_goes_with_it(lab: Lab) -> None:
    zone = ask(lab, "POST", "zones", ZONE)[1]["zone"]["id"]
    assert ask(lab, "POST", "zones", ZONE)[0] == 400
    alias = {"name": "a.example.net", "zone_id": zone}
    assert ask(lab, "POST", "zonealiases", alias)[0] == 200
    assert ask(lab, "POST", "zonealiases", alias)[0] == 400
    assert ask(lab, "POST", "zonealiases", {**alias, "zone_id": "1"})[0] == 404
    assert ask(lab, "DELETE", f"zones/{zone}")[0] == 200
    assert ask(lab, "GET", "zonealiases")[1] == {"zonealiases": []}
    assert ask(lab, "DELETE", "zonealiases/1")[0] == 404


def test_ten_zones_and_sixty_calls_a_minute(lab: Lab) -> None:
    statuses = [ask(lab, "POST", "zones", {**ZONE, "name": f"z{number}"})[0] for number in range(11)]
    assert statuses == [200] * 10 + [403]
    assert {ask(lab, "GET", "zones")[0] for _ in range(50)} == {200, 429}
