"""What an account name means at Azure: `linkproof:accounts.<name>.azure` and its secret."""

from __future__ import annotations

from linkproof.contract.vendor import AccountForm, Secret, Text

# azure-identity comes with the same extra; its own top package is a name that other libraries share
LIBRARIES = {"pulumi_azure_native": "azure"}


class Options(AccountForm):
    """Of a subscription. `metadata_host` names another cloud than the public one by the host that says where its APIs are."""

    identifying = ("subscription_id",)

    subscription_id: Text | None = None
    tenant_id: Text | None = None
    client_id: Text | None = None
    metadata_host: Text | None = None


class Secrets(AccountForm):
    """A service principal's secret; what is not given is found as every Azure tool finds it."""

    azure_client_secret: Secret | None = None
