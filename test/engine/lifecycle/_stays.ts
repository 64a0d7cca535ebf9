/**
 * Everything that an update can do to a stack beside failing over, tried for each owner: in none of it may a call reach
 * AWS that takes a service from a healthy node. What can't be done without that has to be refused, in the preview too.
 */
import test, { type ExecutionContext } from "ava";
import { Lab, type Project, type Result } from "../plugins/_fixture";
import { declare, type Operation, operations, partner, type Scene } from "./_operations";
import { program, servicesProject, type Wanted } from "./_program";
import { World } from "./_world";

export function proveStays(chosen: boolean): void {
  const lab = Lab.start();
  const name = chosen ? "chosen" : "unset";
  let made: { project: Project; world: World } | undefined;
  test.before(async () => {
    const project = await servicesProject(await lab, name, {});
    made = { project, world: new World(await lab) };
    const { code, text } = await project.up();
    if (code !== 0) throw new Error(text);
  });
  test.after.always(async () => (await lab).stop());

  for (const [pair, eni] of [
    ["node1", "node-a"],
    ["node2", "node-b"],
  ] as const) {
    const active = { pair, eni };
    const base: Wanted = chosen ? { active } : {};
    const scene = (): Scene => {
      if (made === undefined) throw new Error("the stack has not been built");
      return { ...made, active, standby: { pair: partner[pair], eni: partner[eni] }, base };
    };
    const owners = { overlay: pair, eni, dns: pair };

    test.serial(`on ${pair}, ${name}: the services get there`, async (t) => {
      const { project, world } = scene();
      const { code, text } = await declare(scene(), { active });
      t.is(code, 0, text);
      t.is((await declare(scene(), base)).code, 0);
      t.deepEqual(await world.owners(), owners);
      t.deepEqual(await project.steps(), [], "nothing is left to change");
    });

    for (const operation of operations)
      test.serial(`on ${pair}, ${name}: ${operation.name}`, async (t) => {
        await prove(t, scene(), operation, owners);
      });

    test.serial(`on ${pair}, ${name}: after all that nothing is left to change`, async (t) => {
      t.deepEqual(await scene().project.steps(), []);
    });
  }
}

async function prove(t: ExecutionContext, scene: Scene, operation: Operation, owners: object): Promise<void> {
  const { world, project, base } = scene;
  let result: Result | undefined;
  await world.admin.clearFaults();
  const taken = await world.takenAway(async () => {
    result = await operation.run(scene);
  });
  const { code = 0, text = "" } = result ?? {};
  t.deepEqual(taken, [], text);
  t.deepEqual(await world.owners(), owners, text);
  const refused =
    typeof operation.refused === "function" ? operation.refused(scene.active) : operation.refused;
  if (refused === undefined) t.is(code, 0, text);
  else {
    t.not(code, 0, text);
    t.regex(text, refused);
    project.write(program(base));
    // The first of two replacements may have been made before the second was asked for: the rest is an update as any.
    t.is((await project.up()).code, 0);
  }
  if (operation.says !== undefined) t.regex(text, operation.says);
  project.write(program(base));
}
