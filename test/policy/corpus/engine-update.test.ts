/** A program of the corpus built by the real engine: what the stack is judged by is what exists then. */
import test from "ava";
import { PreviewLab } from "../mutants/_lab";

let lab: PreviewLab;
test.before(async () => {
  lab = await PreviewLab.start();
});
test.after.always(async () => {
  await lab.stop();
});

test("an internal address in a public zone is found by an update, too", async (t) => {
  const project = await lab.project("../corpus/program.ts");
  const { code, output } = await lab.update(project, "an internal address in a public zone");
  t.not(code, 0);
  t.regex(output, /private-zone-private/);
  t.regex(output, /the record db in it has the internal address 10\.20\.1\.5/);
  t.true((await lab.calls()).includes("CreateHostedZone"), "nothing of it was left to a preview");
});
