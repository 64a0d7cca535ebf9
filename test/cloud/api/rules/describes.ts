import { describe } from "../ec2/describe";
import { PLAIN_DESCRIBES } from "../ec2/describes";
import { ROUTE_AND_INTERFACE_DESCRIBES } from "../ec2/describes-overlay";
import { missing } from "../ec2/missing";
import type { Handlers } from "../gateway/handler";
import { partitionOf } from "../gateway/partition";
import { textAt } from "../gateway/xml";

const DESCRIBES = { ...PLAIN_DESCRIBES, ...ROUTE_AND_INTERFACE_DESCRIBES };

/** Describe actions that need nothing but the resources and AWS's filters. */
export const describeHandlers: Handlers = {
  ...Object.fromEntries(Object.entries(DESCRIBES).map(([action, spec]) => [`ec2:${action}`, describe(spec)])),
  "ec2:DescribeRegions": describe({
    kind: "regions",
    set: "regionInfo",
    names: [{ param: "RegionName", field: "regionName", missing: missing.region }],
    filters: { endpoint: "regionEndpoint", "opt-in-status": "optInStatus", "region-name": "regionName" },
    // moto lists the regions of every partition; an account sees those of its own.
    shape: (items, { call }) =>
      items.filter((item) => partitionOf(textAt(item, "regionName")) === call.partition),
  }),
  "ec2:DescribeAvailabilityZones": describe({
    kind: "availabilityZones",
    set: "availabilityZoneInfo",
    names: [
      { param: "ZoneName", field: "zoneName", missing: missing.availabilityZone },
      { param: "ZoneId", field: "zoneId", missing: missing.availabilityZone },
    ],
    filters: {
      "group-name": "groupName",
      "region-name": "regionName",
      state: "zoneState",
      "zone-id": "zoneId",
      "zone-name": "zoneName",
      "zone-type": "zoneType",
    },
  }),
};
