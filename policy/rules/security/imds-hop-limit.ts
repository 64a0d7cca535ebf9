import { wholeNumber } from "../../lib/config";
import { hasTemplate, machineTypes } from "../../lib/machines";
import { resourceRule } from "../../lib/rule";
import { asNumber, at, UNKNOWN } from "../../lib/values";

export const imdsHopLimit = resourceRule({
  name: "imds-hop-limit",
  description: "Instance metadata does not travel further than the instance itself.",
  why: "with more hops, containers and forwarded packets reach the role's credentials",
  level: "mandatory",
  source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html",
  types: machineTypes,
  config: { maxHops: wholeNumber({ default: 1, min: 1, max: 64, description: "Highest hop limit" }) },
  check: (resource, { maxHops }) => {
    const { props } = resource;
    if (at(props, "metadataOptions", "httpEndpoint") === "disabled") return [];
    const given = at(props, "metadataOptions", "httpPutResponseHopLimit");
    if (given === UNKNOWN || (given === undefined && hasTemplate(props))) return [];
    const hops = asNumber(given);
    const remedy = `set metadataOptions.httpPutResponseHopLimit to ${maxHops}`;
    // Amazon Linux 2023 and other images that ask for IMDSv2 make it 2.
    if (hops === undefined)
      return maxHops > 1
        ? []
        : [{ resource, found: "leaves the hop limit to its image, which may make it 2", remedy }];
    return hops <= maxHops ? [] : [{ resource, found: `has a hop limit of ${hops} for metadata`, remedy }];
  },
  fix: (props, { maxHops }) => {
    const hops = asNumber(at(props, "metadataOptions", "httpPutResponseHopLimit"));
    const path = ["metadataOptions", "httpPutResponseHopLimit"];
    return hops !== undefined && hops <= maxHops ? [] : [{ path, value: maxHops }];
  },
});
