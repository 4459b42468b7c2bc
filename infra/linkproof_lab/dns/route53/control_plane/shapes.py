"""The shapes of Route 53's XML, members in the vendor's order."""

from __future__ import annotations

from linkproof_lab.vendors.aws.control_plane.xmlwire import parse_shapes

SHAPES = parse_shapes("""
ChangeResourceRecordSetsRequest = ChangeBatch:ChangeBatch!
ChangeBatch = Comment Changes[Change:Change]!
Change = Action! ResourceRecordSet:ResourceRecordSet!
ResourceRecordSet = Name! Type! SetIdentifier Weight# Region GeoLocation:GeoLocation Failover MultiValueAnswer? TTL# ResourceRecords[ResourceRecord:ResourceRecord] AliasTarget:AliasTarget HealthCheckId TrafficPolicyInstanceId CidrRoutingConfig:CidrRoutingConfig GeoProximityLocation:GeoProximityLocation
GeoLocation = ContinentCode CountryCode SubdivisionCode
ResourceRecord = Value!
AliasTarget = HostedZoneId! DNSName! EvaluateTargetHealth?!
CidrRoutingConfig = CollectionId! LocationName!
GeoProximityLocation = AWSRegion LocalZoneGroup Coordinates:Coordinates Bias#
Coordinates = Latitude! Longitude!
ChangeResourceRecordSetsResponse = ChangeInfo:ChangeInfo!
GetChangeResponse = ChangeInfo:ChangeInfo!
ChangeInfo = Id! Status! SubmittedAt@! Comment
ListResourceRecordSetsResponse = ResourceRecordSets[ResourceRecordSet:ResourceRecordSet]! IsTruncated?! NextRecordName NextRecordType NextRecordIdentifier MaxItems!
GetHostedZoneResponse = HostedZone:HostedZone! DelegationSet:DelegationSet
HostedZone = Id! Name! CallerReference! Config:HostedZoneConfig ResourceRecordSetCount#
HostedZoneConfig = Comment PrivateZone?
DelegationSet = Id CallerReference NameServers[NameServer]!
ListHostedZonesResponse = HostedZones[HostedZone:HostedZone]! Marker IsTruncated?! NextMarker MaxItems!
ListHostedZonesByNameResponse = HostedZones[HostedZone:HostedZone]! DNSName HostedZoneId IsTruncated?! NextDNSName NextHostedZoneId MaxItems!
TestDNSAnswerResponse = Nameserver! RecordName! RecordType! RecordData[RecordDataEntry]! ResponseCode! Protocol!
GetDNSSECResponse = Status:DNSSECStatus! KeySigningKeys[member:KeySigningKey]!
DNSSECStatus = ServeSignature StatusMessage
KeySigningKey = Name
ListHealthChecksResponse = HealthChecks[HealthCheck:HealthCheck]! Marker! IsTruncated?! NextMarker MaxItems!
HealthCheck = Id! CallerReference! HealthCheckVersion#!
ListTagsForResourceResponse = ResourceTagSet:ResourceTagSet!
ResourceTagSet = ResourceType ResourceId Tags[Tag:Tag]!
Tag = Key Value
""")
