import { text, words } from "../../../frame/fields";
import { until } from "../../../frame/wait";
import { isOneOf } from "../../../frame/errors";
import { need, textOf } from "../../context";
import { resource } from "../../define";
import { tagState, toAws } from "../../tags";
import { BUSY, GONE, profileTags, time } from "./tags";

export const instanceProfile = resource(
  {
    token: "aws:iam/instanceProfile:InstanceProfile",
    inputs: {
      name: text({ forceNew: true, computed: true }),
      namePrefix: text({ forceNew: true, computed: true, local: true }),
      path: text({ forceNew: true, default: "/" }),
      role: text(),
    },
    outputs: words("arn createDate tagsAll uniqueId"),
    autoname: { property: "name", max: 128 },
    gone: GONE,
    busy: BUSY,
    async create(context, inputs) {
      const name = need(inputs.name, "the instance profile's name");
      const tags = toAws(inputs.tagsAll);
      await context.iam("CreateInstanceProfile", {
        InstanceProfileName: name,
        Path: inputs.path,
        Tags: tags.length > 0 ? tags : undefined,
      });
      context.created(name);
      const { role } = inputs;
      if (role === undefined || role === "") return name;
      // The role may be so new that IAM doesn't find it everywhere yet.
      let last: unknown;
      await until(
        context,
        `role ${role} to be known`,
        async () => {
          try {
            await context.iam("AddRoleToInstanceProfile", { InstanceProfileName: name, RoleName: role });
            return true;
          } catch (error) {
            if (!isOneOf(error, GONE)) throw error;
            last = error;
            return undefined;
          }
        },
        { limit: 30_000 },
      ).catch((error: unknown) => {
        throw last ?? error;
      });
      return name;
    },
    async read(context, id, prior) {
      const it = (await context.iam("GetInstanceProfile", { InstanceProfileName: id })).InstanceProfile;
      if (!it) return undefined;
      return {
        id,
        arn: it.Arn,
        name: it.InstanceProfileName,
        namePrefix: prior.state["namePrefix"] ?? "",
        path: it.Path,
        role: it.Roles?.[0]?.RoleName ?? "",
        createDate: time(it.CreateDate),
        uniqueId: it.InstanceProfileId,
        ...tagState(context, it.Tags, prior.inputs),
      };
    },
    async update(context, id, news, changes, state) {
      if (!changes.has("role")) return;
      const old = textOf(state, "role");
      if (old !== "")
        await context.iam("RemoveRoleFromInstanceProfile", { InstanceProfileName: id, RoleName: old });
      if (news.role)
        await context.iam("AddRoleToInstanceProfile", { InstanceProfileName: id, RoleName: news.role });
    },
    async delete(context, id, state) {
      const role = textOf(state, "role");
      if (role !== "") {
        const now =
          (await context.iam("GetInstanceProfile", { InstanceProfileName: id })).InstanceProfile?.Roles ?? [];
        if (now.some((one) => one.RoleName === role)) {
          await context.iam("RemoveRoleFromInstanceProfile", { InstanceProfileName: id, RoleName: role });
        }
      }
      await context.iam("DeleteInstanceProfile", { InstanceProfileName: id });
    },
  },
  { tags: profileTags, global: true },
);
