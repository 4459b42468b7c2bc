"""An API that is down on purpose: what stands in front of it answers, and the work is done or not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from linkproof_lab.apis.faults import API_FAULT

from tests.lab.apis.conftest import Lab
from tests.lab.apis.test_fastly import Api


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    made = Lab(tmp_path / "lab")
    yield made
    made.close()


def order(lab: Lab, **fault: Any) -> None:
    lab.store.put(API_FAULT, "one", fault)


def test_a_service_is_down_for_the_requests_that_are_named_until_the_order_is_taken_away(lab: Lab) -> None:
    api = Api(lab)
    order(lab, service="edges/fastly", method="POST", path="/serv*", body="<html>down</html>")
    down = api.ask("POST", "/service", {"name": "one"})
    assert (down.status_code, down.text, down.headers["content-type"]) == (503, "<html>down</html>", "text/plain")
    assert api.ask("GET", "/service").json() == [], "it is asked all the same, and nothing was made"
    lab.store.delete(API_FAULT, "one")
    assert api.ask("POST", "/service", {"name": "one"}).status_code == 200


def test_the_work_may_be_done_and_its_answer_lost(lab: Lab) -> None:
    order(lab, service="edges/fastly", method="POST", done=True, status=502, times=1)
    assert Api(lab).ask("POST", "/service", {"name": "one"}).status_code == 502
    assert [one["name"] for one in Api(lab).ask("GET", "/service").json()] == ["one"]


def test_another_service_is_not_concerned(lab: Lab) -> None:
    order(lab, service="vendors/cloudflare")
    assert Api(lab).ask("GET", "/service").status_code == 200
    order(lab)
    assert Api(lab).ask("GET", "/service").status_code == 503, "without a name every service is"
