/** The Route 53 actions of the moves over the AWS SDK. */
import {
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  ListHostedZonesByVPCCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
  type Route53ClientConfig,
} from "@aws-sdk/client-route-53";
import { type Route53Calls } from "../calls";

export function route53Calls(config: Route53ClientConfig): Route53Calls {
  const client = new Route53Client(config);
  return {
    getHostedZone: (input, options) => client.send(new GetHostedZoneCommand(input), options),
    listResourceRecordSets: (input, options) =>
      client.send(new ListResourceRecordSetsCommand(input), options),
    changeResourceRecordSets: (input, options) =>
      client.send(new ChangeResourceRecordSetsCommand(input), options),
    listHostedZonesByVPC: (input, options) => client.send(new ListHostedZonesByVPCCommand(input), options),
    getChange: (input, options) => client.send(new GetChangeCommand(input), options),
  };
}
