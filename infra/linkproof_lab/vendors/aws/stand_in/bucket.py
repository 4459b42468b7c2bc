"""aws:s3/bucket:Bucket."""

from __future__ import annotations

from xml.sax.saxutils import escape

from linkproof.providers.protocol.base import ApiError, Patience, ProviderError, State
from linkproof.providers.protocol.schema import FLAG, TEXT, TEXT_MAP, obj, replacing, required, words
from linkproof.providers.protocol.values import Properties

from linkproof_lab.vendors.aws.stand_in.region import Regional
from linkproof_lab.vendors.aws.stand_in.tagged import tags_in

_TAGS = {"tagging": ""}


class Bucket(Regional):
    """Its id is its name. A name is required here, which the real provider makes up where none is given."""

    token = "aws:s3/bucket:Bucket"  # noqa: S105
    schema = obj(
        {
            "bucket": required(replacing(TEXT)),
            "forceDestroy": FLAG.but(default=False),
            "region": replacing(TEXT),
            "tags": TEXT_MAP,
        },
        elsewhere=words(
            "accelerationStatus acl bucketNamespace bucketPrefix corsRules grants lifecycleRules logging"
            " objectLockConfiguration objectLockEnabled policy replicationConfiguration requestPayer"
            " serverSideEncryptionConfiguration versioning website"
        ),
    )
    computed = words("arn bucketDomainName tagsAll")
    volatile = ("tagsAll",)
    local = ("forceDestroy",)

    def create(self, inputs: Properties, patience: Patience) -> State:
        name, region = str(inputs["bucket"]), self.region(inputs)
        self.aws.rest("s3", "PUT", f"/{name}", region=region)
        self._tag(name, region, self.tags(inputs))
        return self._held(name, region, inputs)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        name, region = self.id_and_region(resource_id, outputs)
        try:
            return self._held(name, region, outputs)
        except ApiError as error:
            if error.code == "NoSuchBucket":
                return None
            raise

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        region = self.region(inputs)
        before = self._held(resource_id, region, inputs)
        if before.computed["tagsAll"] != self.tags(inputs):
            self._tag(resource_id, region, self.tags(inputs))
        return self._held(resource_id, region, inputs)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        try:
            self.aws.rest("s3", "DELETE", f"/{resource_id}", region=self.region(outputs))
        except ApiError as error:
            if error.code == "BucketNotEmpty":
                raise ProviderError(
                    f"bucket {resource_id} is not empty", "keep it, or delete its objects: they are all that is left"
                ) from error
            if error.code != "NoSuchBucket":
                raise

    def _tag(self, name: str, region: str, tags: dict[str, str]) -> None:
        """A put replaces all of them."""
        pairs = "".join(
            f"<Tag><Key>{escape(key)}</Key><Value>{escape(value)}</Value></Tag>" for key, value in tags.items()
        )
        if pairs:
            body = f'<Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet>{pairs}</TagSet></Tagging>'
            self.aws.rest("s3", "PUT", f"/{name}", body.encode(), query=_TAGS, region=region)

    def _held(self, name: str, region: str, known: Properties) -> State:
        try:
            document, _ = self.aws.rest("s3", "GET", f"/{name}", query=_TAGS, region=region)
            held = tags_in(document, "TagSet/Tag")
        except ApiError as error:
            if error.code != "NoSuchTagSet":
                raise
            held = []
        tags, own = self.read_tags(held)
        inputs: Properties = {"bucket": name, "region": region}
        inputs |= {key: value for key, value in (("tags", own), ("forceDestroy", known.get("forceDestroy"))) if value}
        domain = f"{name}.s3.amazonaws.com"
        return State(name, inputs, {"arn": f"arn:aws:s3:::{name}", "bucketDomainName": domain, "tagsAll": tags})
