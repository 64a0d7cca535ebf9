import { find } from "../ec2/find";
import type { Handlers } from "../gateway/handler";
import { textAt } from "../gateway/xml";

const OPTIONS: Readonly<Record<string, string>> = {
  HttpEndpoint: "httpEndpoint",
  HttpProtocolIpv6: "httpProtocolIpv6",
  HttpPutResponseHopLimit: "httpPutResponseHopLimit",
  HttpTokens: "httpTokens",
  InstanceMetadataTags: "instanceMetadataTags",
};

/** Options that the call leaves out stay as they are; moto would forget them. */
export const instanceMetadataHandlers: Handlers = {
  "ec2:ModifyInstanceMetadataOptions": {
    check: async ({ call, ec2 }) => {
      await find(ec2, "instances", call.params.InstanceId ?? "");
    },
    run: async ({ call, ec2, forward }) => {
      const instance = await find(ec2, "instances", call.params.InstanceId ?? "");
      const present = Object.entries(OPTIONS)
        .map(([name, field]) => [name, textAt(instance, `metadataOptions.${field}`)])
        .filter(([, value]) => value !== "");
      return forward({ ...(Object.fromEntries(present) as Record<string, string>), ...call.params });
    },
  },
};
