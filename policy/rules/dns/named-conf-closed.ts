import { namedConfsOf, namedConfTypes } from "../../lib/bind/files";
import { namedConfMistakes } from "../../lib/bind/mistakes";
import { resourceRule } from "../../lib/rule";

export const namedConfClosed = resourceRule({
  name: "named-conf-closed",
  description:
    "A name server answers others' questions for a closed list of clients only; a forwarder only forwards, and does not validate private names.",
  why: "`forward first` asks the internet for names that only the VPC knows; an open list makes it anyone's resolver; private zones have no signatures to validate",
  level: "mandatory",
  source: "https://bind9.readthedocs.io/en/stable/reference.html#namedconf-statement-forward",
  types: namedConfTypes,
  check: (resource) =>
    namedConfsOf(resource).flatMap(({ path, conf }) =>
      namedConfMistakes(conf).map(({ found, remedy }) => ({
        resource,
        found: `brings ${path}, which ${found}`,
        remedy,
      })),
    ),
});
