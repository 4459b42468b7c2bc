"""Which extra of the package brings a library that the verifier alone does not need."""

from __future__ import annotations

from linkproof.errors import LinkproofError

# Import name → extra of pyproject.toml.
EXTRAS = {
    "pulumi": "deploy",
    "grpc": "deploy",
    "pulumi_aws": "aws",
    "boto3": "aws",
    "botocore": "aws",
    "pulumi_cloudflare": "cloudflare",
    "httpx": "cloudflare",
    "linkproof_lab": "lab",
    "aiohttp": "lab",
}


class MissingExtraError(LinkproofError):
    """A command needs a library that is not installed."""

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(f"this needs {library}, which is not installed", f"pip install 'linkproof[{extra}]'")


def missing(error: ModuleNotFoundError) -> MissingExtraError | None:
    """The error to show; None where the module is none that an extra brings, which is a fault of linkproof."""
    library = (error.name or "").partition(".")[0]
    extra = EXTRAS.get(library)
    return MissingExtraError(library, extra) if extra is not None else None
