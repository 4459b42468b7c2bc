"""aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream."""

from __future__ import annotations

from typing import Any

from linkproof.providers.protocol.base import ApiError, Patience, State
from linkproof.providers.protocol.schema import NUMBER, TEXT, TEXT_MAP, choice, obj, replacing, required, words
from linkproof.providers.protocol.values import Properties

from linkproof_lab.vendors.aws.stand_in.region import Regional, wire_tags

_PLAIN = {
    "bucketArn": "BucketARN",
    "roleArn": "RoleARN",
    "prefix": "Prefix",
    "errorOutputPrefix": "ErrorOutputPrefix",
    "compressionFormat": "CompressionFormat",
}
_BUFFER = {"bufferingInterval": ("IntervalInSeconds", 300), "bufferingSize": ("SizeInMBs", 5)}


class FirehoseDeliveryStream(Regional):
    """Its id is its ARN."""

    token = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"  # noqa: S105
    schema = obj(
        {
            "name": required(replacing(TEXT)),
            "destination": required(replacing(choice("extended_s3"))),
            "extendedS3Configuration": required(
                obj(
                    {
                        "bucketArn": required(TEXT),
                        "roleArn": required(TEXT),
                        "prefix": TEXT,
                        "errorOutputPrefix": TEXT,
                        "compressionFormat": choice(
                            "UNCOMPRESSED", "GZIP", "ZIP", "Snappy", "HADOOP_SNAPPY", default="UNCOMPRESSED"
                        ),
                        **{name: NUMBER.but(default=default) for name, (_, default) in _BUFFER.items()},
                    },
                    elsewhere=words(
                        "cloudwatchLoggingOptions customTimeZone dataFormatConversionConfiguration dynamicPartitioningConfiguration"
                        " fileExtension kmsKeyArn processingConfiguration s3BackupConfiguration s3BackupMode"
                    ),
                )
            ),
            "region": replacing(TEXT),
            "tags": TEXT_MAP,
        },
        elsewhere=words(
            "elasticsearchConfiguration httpEndpointConfiguration icebergConfiguration kinesisSourceConfiguration"
            " mskSourceConfiguration opensearchConfiguration opensearchserverlessConfiguration redshiftConfiguration"
            " serverSideEncryption snowflakeConfiguration splunkConfiguration"
        ),
    )
    computed = words("arn destinationId tagsAll versionId")
    volatile = words("tagsAll versionId")

    def create(self, inputs: Properties, patience: Patience) -> State:
        name, region = str(inputs["name"]), self.region(inputs)
        body: dict[str, Any] = {
            "DeliveryStreamName": name,
            "DeliveryStreamType": "DirectPut",
            "ExtendedS3DestinationConfiguration": _wire(inputs["extendedS3Configuration"]),
            "Tags": wire_tags(self.tags(inputs)),
        }
        self.aws.firehose("CreateDeliveryStream", {key: value for key, value in body.items() if value}, region)
        return self._held(name, region)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        parts = resource_id.split(":")
        try:
            return self._held(parts[-1].rpartition("/")[2], parts[3] if len(parts) > 3 else self.region(outputs))
        except ApiError as error:
            if error.code == "ResourceNotFoundException":
                return None
            raise

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        name, region = str(inputs["name"]), self.region(inputs)
        before = self._held(name, region)
        body = {
            "DeliveryStreamName": name,
            "CurrentDeliveryStreamVersionId": before.computed["versionId"],
            "DestinationId": before.computed["destinationId"],
            "ExtendedS3DestinationUpdate": _wire(inputs["extendedS3Configuration"]),
        }
        self.aws.firehose("UpdateDestination", body, region)
        fresh = self.new_tags(inputs, before.computed["tagsAll"])
        if fresh:
            self.aws.firehose("TagDeliveryStream", {"DeliveryStreamName": name, "Tags": fresh}, region)
        return self._held(name, region)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        try:
            self.aws.firehose(
                "DeleteDeliveryStream", {"DeliveryStreamName": resource_id.rpartition("/")[2]}, self.region(outputs)
            )
        except ApiError as error:
            if error.code != "ResourceNotFoundException":
                raise

    def _held(self, name: str, region: str) -> State:
        named = {"DeliveryStreamName": name}
        found = self.aws.firehose("DescribeDeliveryStream", named, region)["DeliveryStreamDescription"]
        held = self.aws.firehose("ListTagsForDeliveryStream", named, region)["Tags"]
        tags, own = self.read_tags(held)
        (destination,) = found["Destinations"]
        bucket = destination["ExtendedS3DestinationDescription"]
        configuration = {ours: bucket[wire] for ours, wire in _PLAIN.items() if wire in bucket}
        configuration |= {ours: bucket["BufferingHints"][wire] for ours, (wire, _) in _BUFFER.items()}
        inputs: Properties = {"name": name, "destination": "extended_s3", "region": region}
        inputs["extendedS3Configuration"] = configuration
        if own:
            inputs["tags"] = own
        computed = {
            "arn": found["DeliveryStreamARN"],
            "destinationId": destination["DestinationId"],
            "tagsAll": tags,
            "versionId": found["VersionId"],
        }
        return State(found["DeliveryStreamARN"], inputs, computed)


def _wire(configuration: Any) -> dict[str, Any]:
    """All of it, so that what a program no longer says goes back to the default."""
    body: dict[str, Any] = {wire: configuration[ours] for ours, wire in _PLAIN.items() if configuration.get(ours)}
    body.setdefault("CompressionFormat", "UNCOMPRESSED")
    body["BufferingHints"] = {
        wire: int(configuration.get(ours) or default) for ours, (wire, default) in _BUFFER.items()
    }
    return body
