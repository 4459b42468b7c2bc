"""The vendors' APIs of a lab, and clients for them as the commands make them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from linkproof.engine.clients import Clients
from linkproof_lab.vendors.aws.facts import SERVICES
from linkproof_lab.vendors.cloudflare.facts import CLOUDFLARE_TOKEN

from tests.engine_state.deployed import clients_of
from tests.lab.apis.conftest import Lab


@pytest.fixture(scope="module")
def vendors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    lab = Lab(tmp_path_factory.mktemp("vendors"))
    yield lab
    lab.close()


@pytest.fixture(scope="module")
def clients(vendors: Lab) -> Clients:
    api = vendors.settings.api_url("vendors/aws")
    return clients_of(
        {
            "default": {
                "aws": {
                    "region": "us-east-1",
                    "endpoints": [dict.fromkeys(SERVICES, api)],
                },
                "cloudflare": {"baseUrl": f"{vendors.settings.api_url('vendors/cloudflare')}/client/v4"},
            }
        },
        {
            "default": {
                "awsAccessKey": "AKIALAB1",
                "awsSecretKey": "not-a-secret",
                "cloudflareApiToken": CLOUDFLARE_TOKEN,
            }
        },
    )
