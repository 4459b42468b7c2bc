"""What every resource type of one provider instance shares."""

from __future__ import annotations

from dataclasses import dataclass

from linkproof.providers.protocol.served import Authorities
from linkproof.providers.protocol.session import ApiSession
from linkproof.senders.sparkpost.api import SparkPostApi


@dataclass(frozen=True)
class Session(ApiSession[SparkPostApi]):
    """One account's API, the DNS, and whether the engine has asked to stop."""

    authorities: Authorities
