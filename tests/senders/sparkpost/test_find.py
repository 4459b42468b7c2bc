"""What is taken for an interrupted create's own, and what is taken over, at the lab's API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from linkproof.senders.sparkpost import adopt, find
from linkproof.senders.sparkpost.api import SparkPostApi
from linkproof_lab.senders.sparkpost.facts import SPARKPOST_KEY

from tests.lab.sparkpost.running import HOST, running

CREATE: dict[str, Any] = {"domain": HOST, "secure": False, "verified": True}


def test_one_that_is_as_the_create_leaves_it_is_ours_and_any_is_taken_over(tmp_path: Path) -> None:
    with running(tmp_path / "lab") as lab:
        api = SparkPostApi(lab.url, SPARKPOST_KEY)

        def seen(**more: Any) -> list[tuple[str, str]]:
            return [(one.id, one.doubt) for one in find.tracking_domains({**CREATE, **more}, api)]

        assert seen() == []
        lab.call("POST", "tracking-domains", {"domain": HOST})
        assert seen() == [(HOST, "")]
        assert seen(subaccount="215") == [], "another subaccount's is none of this one's"
        lab.call("PUT", f"tracking-domains/{HOST}", {"secure": True})
        ((id_, doubt),) = seen()
        assert (id_, "it is secure, which the create" in doubt) == (HOST, True)
        assert seen(secure=True) == [(HOST, "")]
        assert [(one.id, one.doubt) for one in adopt.tracking_domains(CREATE, api)] == [(HOST, "")]
