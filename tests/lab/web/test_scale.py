"""A thousand distributions are read when something has changed, not for each request."""

from __future__ import annotations

from typing import Any

from linkproof_lab.edges.cloudfront.data_plane.distributions import Distributions
from linkproof_lab.web.watch import Generation


def test_documents_are_judged_once_per_change_and_not_per_lookup(lab: Any) -> None:
    served = lab.served("D", [])
    judged: list[str] = []

    def served_config(doc: dict[str, Any], now: float) -> dict[str, Any]:
        judged.append(doc["id"])
        return {**served, "id": doc["id"], "aliases": [f"{doc['id']}.example.net"]}

    for n in range(1000):
        lab.store.put("cloudfront-distribution", f"d{n}", {"id": f"d{n}"})
    generation = Generation(lab.settings)
    distributions = Distributions(lab.store, generation, served_config)
    for n in range(1000):
        found = distributions.for_host(f"d{n}.example.net")
        assert found
        assert found.id == f"d{n}"
    assert set(judged) == {f"d{n}" for n in range(1000)}
    first = len(judged)
    assert first <= 2000
    lab.store.put("cloudfront-distribution", "d1000", {"id": "d1000"})
    assert distributions.for_host("d1000.example.net")
    assert len(judged) <= first + 2002
    generation.close()
