import { namedConfMistakes } from "../../lib/named-conf";
import { namedConfsOf, namedConfTypes } from "../../lib/named-conf-files";
import { resourceRule } from "../../lib/rule";

export const namedConfClosed = resourceRule({
  name: "named-conf-closed",
  description: "A forwarder's named.conf only forwards, and answers to a closed list of clients.",
  why: "`forward first` asks the internet for names that only the VPC knows; an open list makes it anyone's resolver",
  level: "mandatory",
  source: "https://bind9.readthedocs.io/en/stable/reference.html#namedconf-statement-forward",
  types: namedConfTypes,
  check: (resource) =>
    namedConfsOf(resource).flatMap(({ path, text }) =>
      namedConfMistakes(text).map((mistake) => ({
        resource,
        found: `brings ${path}, which ${mistake}`,
        remedy:
          "write forward only, and an acl with the clients' own blocks in allow-query and allow-recursion",
      })),
    ),
});
