import { hasTemplate, machineTypes } from "../../lib/machines";
import { resourceRule } from "../../lib/rule";
import { at, UNKNOWN } from "../../lib/values";

/** IMDSv1 hands the role's credentials to whatever makes the node fetch a URL. */
export const imdsv2Required = resourceRule({
  name: "imdsv2-required",
  description: "Instance metadata is served to requests with a session token only (IMDSv2).",
  why: "with IMDSv1, anything that makes a node fetch a URL gets the credentials that move the service",
  level: "mandatory",
  source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html",
  types: machineTypes,
  check: (resource) => {
    const { props } = resource;
    const [endpoint, tokens] = [
      at(props, "metadataOptions", "httpEndpoint"),
      at(props, "metadataOptions", "httpTokens"),
    ];
    if (endpoint === "disabled" || tokens === "required" || tokens === UNKNOWN) return [];
    // What an instance leaves out, its launch template may say, and that is judged by itself.
    if (tokens === undefined && hasTemplate(props)) return [];
    const found =
      tokens === undefined
        ? "does not say that metadata needs a token"
        : `has metadataOptions.httpTokens ${JSON.stringify(tokens)}`;
    return [{ resource, found, remedy: 'set metadataOptions.httpTokens to "required"' }];
  },
  fix: (props) =>
    at(props, "metadataOptions", "httpTokens") === "required"
      ? []
      : [{ path: ["metadataOptions", "httpTokens"], value: "required" }],
});
