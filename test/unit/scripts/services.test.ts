/** Which services a state has, and whose locks a refusal names. */
import test from "ava";
import { spawnSync } from "node:child_process";
import { hostname } from "node:os";
import { kinds } from "../../../components/failover/mechanisms";
import { areLeftBehind, holdersOf, ownerOf } from "../../../scripts/failover/locks";
import { findService, servicesOf } from "../../../scripts/failover/services";
import type { StateResource } from "../../../scripts/failover/state";

const type = kinds.OverlayIp.type;
const resource = (name: string, parents: string, more: Partial<StateResource> = {}): StateResource => ({
  urn: `urn:pulumi:live::shop::${parents}${more.type ?? type}::${name}`,
  type,
  ...more,
});

const nested = resource("till", "test:index:Group$failover-lab:failover:OverlayIp$");
const other = resource("till::two", "failover-lab:failover:OverlayIp$");
const stranger = resource("till", "", { type: "pulumi-nodejs:dynamic/other:OverlayIp" });
const condemned = resource("till", "old:index:Group$", { delete: true });
const resources = [stranger, condemned, nested, other];

test("services are found by type, wherever they are and whatever they are called", (t) => {
  const found = servicesOf({ resources });
  t.deepEqual(
    found.map(({ name, kind, key }) => [name, kind, key]),
    [
      ["till", "OverlayIp", "tillActive"],
      ["till::two", "OverlayIp", "till-twoActive"],
    ],
  );
});

test("every mechanism in the list has its services found", (t) => {
  for (const [kind, facts] of Object.entries(kinds))
    t.is(
      findService({ resources: [resource("a", "", { type: facts.type })] }, "a", "live").kind,
      kind as never,
    );
});

test("one is chosen by its name, or by its URN", (t) => {
  t.is(findService({ resources }, "till", "live").resource, nested);
  t.is(findService({ resources }, other.urn, "live").resource, other);
});

test("none, or two of a name: what there is is said", (t) => {
  t.throws(() => findService({ resources }, "shop", "live"), {
    message: /no service shop; use one of: till, till::two/,
  });
  t.throws(() => findService({}, "shop", "live"), { message: /has no service\. Build it first/ });
  const twin = resource("till", "test:index:Other$");
  t.throws(() => findService({ resources: [...resources, twin] }, "till", "live"), {
    message: new RegExp(`2 services named till[^]*${twin.urn.replaceAll("$", "\\$")}`),
  });
});

const { pid: ended } = spawnSync("true");
const said = (...owners: string[]): string =>
  `error: the stack is currently locked by ${owners.length} lock(s).` +
  owners.map((owner) => `\n  file:///locks/1.json: created by ${owner} at 2026-01-02T03:04:05Z`).join("");
const dead = `me@${hostname()} (pid ${ended})`;

test("locks of processes of this machine that are gone were left behind, and no others", (t) => {
  t.true(areLeftBehind(holdersOf(said(dead))));
  t.true(areLeftBehind(holdersOf(said(dead, dead))));
  t.false(areLeftBehind(holdersOf(said(dead, `me@elsewhere (pid ${ended})`))));
  t.false(areLeftBehind(holdersOf("[409] Conflict: Another update is currently in progress.")));
});

test("whose a lock is is said in the backend's words", (t) => {
  t.is(ownerOf(said(dead)), `me@${hostname()} (process ${ended}, since 2026-01-02T03:04:05Z)`);
  t.regex(ownerOf("[409] Conflict: Another update"), /somebody else \(\[409\] Conflict/);
});
