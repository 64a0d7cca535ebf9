import { flag, required, text } from "../../frame/fields";
import { isOneOf } from "../../frame/errors";
import { need } from "../context";
import { invoke } from "../define";

export const getParameter = invoke({
  token: "aws:ssm/getParameter:getParameter",
  inputs: { name: required(text()), withDecryption: flag({ default: true }), region: text() },
  async run(context, inputs) {
    try {
      const { Parameter } = await context.ssm("GetParameter", {
        Name: inputs.name,
        WithDecryption: inputs.withDecryption,
      });
      const it = need(Parameter, `the parameter ${inputs.name}`);
      return {
        id: it.Name,
        name: it.Name,
        arn: it.ARN,
        region: context.region,
        type: it.Type,
        value: it.Value,
        insecureValue: it.Type === "SecureString" ? "" : it.Value,
        version: it.Version,
        withDecryption: inputs.withDecryption,
      };
    } catch (error) {
      if (!isOneOf(error, ["ParameterNotFound"])) throw error;
      throw new Error(
        `there is no SSM parameter ${inputs.name} in ${context.region}. Check its name and the region.`,
        { cause: error },
      );
    }
  },
});
