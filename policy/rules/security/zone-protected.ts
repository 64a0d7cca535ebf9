import { resourceRule } from "../../lib/rule";
import { types } from "../../lib/types";
import { asFlag } from "../../lib/values";

export const zoneProtected = resourceRule({
  name: "zone-protected",
  description: "Hosted zones are protected against deletion.",
  why: "a zone that is made anew has other name servers and none of the records that others put into it",
  level: "advisory",
  source: "https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
  types: [types.zone],
  check: (resource) => {
    if (asFlag(resource.props.forceDestroy) === true) {
      return [
        {
          resource,
          found: "has forceDestroy, which deletes it with all records",
          remedy: "leave forceDestroy out",
        },
      ];
    }
    if (resource.protect) return [];
    return [
      {
        resource,
        found: "is not protected",
        remedy: "set the resource option protect, where the zone is to stay",
      },
    ];
  },
});
