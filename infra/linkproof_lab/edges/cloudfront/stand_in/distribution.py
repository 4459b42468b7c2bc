"""aws:cloudfront/distribution:Distribution."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

from linkproof.providers.protocol.base import ApiError, InitFailedError, Patience, ProviderError, ResourceType, State
from linkproof.providers.protocol.schema import join, problems, words
from linkproof.providers.protocol.values import Properties

from linkproof_lab.edges.cloudfront.stand_in.client import NAMESPACE, CloudFront, tag_nodes
from linkproof_lab.edges.cloudfront.stand_in.distribution_schema import DISTRIBUTION
from linkproof_lab.edges.cloudfront.stand_in.distribution_xml import config_inputs, config_nodes, disabled
from linkproof_lab.vendors.aws.stand_in import xml

# The hosted zone of all distributions, for alias records (docs.aws.amazon.com/general/latest/gr/cf_region.html).
_HOSTED_ZONE_ID: Final = "Z2FDTNDATAQYW2"


class Distribution(ResourceType):
    """A distribution. Nothing replaces it; deleting it means disabling it first, and waiting for that."""

    token = "aws:cloudfront/distribution:Distribution"  # noqa: S105
    schema = DISTRIBUTION
    computed = words(
        "arn callerReference domainName etag hostedZoneId inProgressValidationBatches lastModifiedTime loggingV1Enabled status tagsAll "
        "trustedKeyGroups trustedSigners"
    )
    volatile = ("etag", "inProgressValidationBatches", "lastModifiedTime", "status", "tagsAll")
    local = ("retainOnDelete", "waitForDeployment")
    default_seconds = 5400

    def __init__(self, cloudfront: CloudFront) -> None:
        self._cloudfront = cloudfront

    def problems(self, inputs: Properties) -> Iterator[tuple[str, str]]:
        yield from problems(self.schema, inputs)
        behaviors = [("defaultCacheBehavior", inputs.get("defaultCacheBehavior"))]
        ordered = inputs.get("orderedCacheBehaviors")
        if isinstance(ordered, list):
            behaviors += [(join("orderedCacheBehaviors", n), behavior) for n, behavior in enumerate(ordered)]
        for path, behavior in behaviors:
            if isinstance(behavior, dict) and "cachePolicyId" not in behavior:
                yield (
                    join(path, "cachePolicyId"),
                    "missing: this stand-in does not serve forwardedValues, its older alternative",
                )

    def create(self, inputs: Properties, patience: Patience) -> State:
        tags = {**self._cloudfront.aws.default_tags, **inputs.get("tags", {})}
        nodes = config_nodes(inputs, f"linkproof-{uuid.uuid4()}")
        if tags:
            both: list[xml.Node] = [("DistributionConfig", nodes), ("Tags", tag_nodes(tags))]
            body = xml.document("DistributionConfigWithTags", NAMESPACE, both)
            made, etag = self._cloudfront.post("distribution", body, {"WithTags": ""})
        else:
            made, etag = self._cloudfront.post("distribution", xml.document("DistributionConfig", NAMESPACE, nodes))
        return self._deployed(self._state(made, etag, tags), inputs, patience)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        found = self._cloudfront.get(f"distribution/{resource_id}")
        if found is None:
            return None
        return self._state(found[0], found[1], self._cloudfront.tags(xml.text(found[0], "ARN")), outputs)

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        state = self.read(resource_id, old_outputs)
        if state is None:
            raise ProviderError(
                f"distribution {resource_id} is gone", "run `pulumi refresh`, which removes it from the state"
            )
        nodes = config_nodes(inputs, state.computed["callerReference"])
        body = xml.document("DistributionConfig", NAMESPACE, nodes)
        changed, etag = self._cloudfront.put(f"distribution/{resource_id}/config", body, state.computed["etag"])
        tags = {**self._cloudfront.aws.default_tags, **inputs.get("tags", {})}
        self._cloudfront.set_tags(state.computed["arn"], state.computed["tagsAll"], tags)
        return self._deployed(self._state(changed, etag, tags), inputs, patience)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        path = f"distribution/{resource_id}"

        def step() -> bool | None:
            """One step nearer to the end; True once there is nothing left to do."""
            found = self._cloudfront.get(path)
            if found is None:
                return True
            distribution, etag = found
            config = distribution.find("DistributionConfig")
            try:
                if xml.flag(config, "Enabled") and config is not None:
                    self._cloudfront.put(f"{path}/config", disabled(config, NAMESPACE), etag)
                elif outputs.get("retainOnDelete") is True:
                    return True
                elif xml.text(distribution, "Status") == "Deployed":
                    self._cloudfront.delete(path, etag)
                    return True
            except ApiError as error:
                # Someone else changed it in between, or the edges are not all told yet: look again.
                if error.code not in {"PreconditionFailed", "InvalidIfMatchVersion", "DistributionNotDisabled"}:
                    raise
            return None

        patience.until(f"deleting distribution {resource_id}", step)

    def _deployed(self, state: State, inputs: Properties, patience: Patience) -> State:
        """Wait until all edges have it, unless the program does not want to."""
        if inputs.get("waitForDeployment") is False:
            return state

        def deployed() -> State | None:
            now = self.read(state.id, state.computed)
            if now is None:
                raise ProviderError(f"distribution {state.id} was deleted while it was being deployed")
            return now if now.computed["status"] == "Deployed" else None

        try:
            return patience.until(f"deploying distribution {state.id}", deployed)
        except ProviderError as error:
            raise InitFailedError(state, str(error)) from error

    def _state(self, found: ET.Element, etag: str, tags: Properties, outputs: Properties | None = None) -> State:
        config = found.find("DistributionConfig")
        assert config is not None, "CloudFront answered without a DistributionConfig"
        defaults = self._cloudfront.aws.default_tags
        kept = {name: outputs[name] for name in self.local if outputs and name in outputs}
        inputs = {
            **config_inputs(config),
            "tags": {key: value for key, value in tags.items() if defaults.get(key) != value},
            "retainOnDelete": False,
            "waitForDeployment": True,
            **kept,
        }
        computed: Properties = {
            "arn": xml.text(found, "ARN"),
            "callerReference": xml.text(config, "CallerReference"),
            "domainName": xml.text(found, "DomainName"),
            "etag": etag,
            "hostedZoneId": _HOSTED_ZONE_ID,
            "inProgressValidationBatches": xml.number(found, "InProgressInvalidationBatches"),
            "lastModifiedTime": xml.text(found, "LastModifiedTime"),
            "loggingV1Enabled": False,
            "status": xml.text(found, "Status"),
            "tagsAll": tags,
            "trustedKeyGroups": [{"enabled": False}],
            "trustedSigners": [{"enabled": False}],
        }
        return State(xml.text(found, "Id"), inputs, computed)
