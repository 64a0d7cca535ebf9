/** What a tag that names its owner is, and the tag as the one pointer of its service. */
import type { Candidates } from "../../../../components/failover/core/contract";
import type { Call } from "../../../../components/failover/core/calls";
import type { Connect, Context } from "../../../../components/failover/core/context";
import type { Pointers } from "../../../../components/failover/core/pointers";
import { awsCommand } from "../../../../components/failover/core/repair";
import { persist } from "../../../../components/failover/core/retry";
import type * as Ec2 from "@aws-sdk/client-ec2";

export interface OwnerTagService {
  /** The tagged resource, e.g. a VPC. */
  resourceId: string;
  region: string;
  candidates: Candidates<{ instanceId: string }>;
  /** Instances of candidates that have been replaced. */
  formerInstances?: string[];
}

export const KEY = "Owner";

export interface TagCalls {
  describeTags: Call<Ec2.DescribeTagsCommandInput, Ec2.DescribeTagsCommandOutput>;
  createTags: Call<Ec2.CreateTagsCommandInput, Ec2.CreateTagsCommandOutput>;
  deleteTags: Call<Ec2.DeleteTagsCommandInput, Ec2.DeleteTagsCommandOutput>;
}

export const connectTags: Connect<TagCalls> = async (settings) => {
  const { CreateTagsCommand, DeleteTagsCommand, DescribeTagsCommand, EC2Client } =
    await import("@aws-sdk/client-ec2");
  const client = new EC2Client(settings);
  return {
    describeTags: (input, options) => client.send(new DescribeTagsCommand(input), options),
    createTags: (input, options) => client.send(new CreateTagsCommand(input), options),
    deleteTags: (input, options) => client.send(new DeleteTagsCommand(input), options),
  };
};

export function nodeOf({ candidates }: OwnerTagService, instanceId?: string): string | undefined {
  return Object.entries(candidates).find(([, one]) => one.instanceId === instanceId)?.[0];
}

export function tagOf(service: OwnerTagService, calls: TagCalls, context: Context): Pointers<string> {
  const { resourceId, region } = service;
  const Resources = [resourceId];
  return {
    read: async (deadline) => {
      const Filters = [
        { Name: "resource-id", Values: Resources },
        { Name: "key", Values: [KEY] },
      ];
      const { Tags = [] } = await persist((options) => calls.describeTags({ Filters }, options), {
        deadline,
        perCall: context.limits.readCall,
      });
      const target = Tags[0]?.Value;
      return new Map([[resourceId, { ...(target === undefined ? {} : { target }), dead: false }]]);
    },
    write: async (_name, target, _now, bounds) => {
      await persist<unknown>(
        (options) =>
          target === undefined
            ? calls.deleteTags({ Resources, Tags: [{ Key: KEY }] }, options)
            : calls.createTags({ Resources, Tags: [{ Key: KEY, Value: target }] }, options),
        { ...bounds, perCall: context.limits.writeCall },
      );
    },
    same: (one, other) => one === other,
    isGone: () => false,
    place: (where, { target }) => {
      const node = nodeOf(service, target);
      return { where, ...(target === undefined ? {} : { target }), ...(node === undefined ? {} : { node }) };
    },
    repair: (_name, target) => [
      awsCommand({ region, profile: context.profile }, "ec2", "create-tags", [
        ...["--resources", resourceId, "--tags", `Key=${KEY},Value=${target ?? ""}`],
      ]),
    ],
  };
}
