"""What an account name means at Google Cloud: `linkproof:accounts.<name>.gcp` and its secrets."""

from __future__ import annotations

from pydantic import model_validator

from linkproof.contract.vendor import AccountForm, Secret, Text

# google-auth comes with the same extra; its own top package is a name that other libraries share
LIBRARIES = {"pulumi_gcp": "gcp"}


class Options(AccountForm):
    """Of a Google Cloud project; endpoints are URLs with their version and a last slash, as the provider takes them."""

    identifying = ("project",)

    project: Text | None = None
    compute_custom_endpoint: Text | None = None
    certificate_manager_custom_endpoint: Text | None = None
    dns_custom_endpoint: Text | None = None
    monitoring_custom_endpoint: Text | None = None


class Secrets(AccountForm):
    """A service account's key file, as JSON, or an OAuth 2.0 access token; what is not given is found as every Google library finds it."""

    gcp_credentials: Secret | None = None
    gcp_access_token: Secret | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Secrets:
        if self.gcp_credentials is not None and self.gcp_access_token is not None:
            raise ValueError("gcpCredentials and gcpAccessToken are two ways to say the same: give one of them")
        return self
