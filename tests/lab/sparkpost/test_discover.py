"""`init --sender sparkpost`: the account's tracking domains as its API has them, read and nothing else."""

from __future__ import annotations

from linkproof.senders.sparkpost import discover
from linkproof.senders.sparkpost.api import SparkPostApi
from linkproof_lab.senders.sparkpost.facts import SPARKPOST_KEY

from tests.lab.sparkpost.running import HOST, SparkPostLab


def test_every_tracking_domain_of_the_account_is_read(lab: SparkPostLab) -> None:
    lab.call("POST", "tracking-domains", {"domain": HOST})
    (brand,) = discover.brands(discover.answer(SparkPostApi(lab.url, SPARKPOST_KEY)), "sparkpost")
    assert (brand.sender, brand.host) == ("sparkpost", HOST)
    assert any("is not verified" in note for note in brand.notes)
    lab.publish((HOST, "CNAME", "spgo.io."))
    lab.call("POST", f"tracking-domains/{HOST}/verify")
    (brand,) = discover.brands(discover.answer(SparkPostApi(lab.url, SPARKPOST_KEY)), "sparkpost")
    assert not any("is not verified" in note for note in brand.notes)
