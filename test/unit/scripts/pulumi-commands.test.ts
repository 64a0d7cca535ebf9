import test from "ava";
import { isReadOnly } from "../../../scripts/lib/pulumi-commands";

const waits = [
  "up --yes",
  "update",
  "destroy --yes",
  "refresh --preview-only",
  "import aws:ec2/vpc:Vpc a vpc-1",
  "state delete urn",
  "stack rm",
  "stack import --file x",
  "config set overlayActive node2",
  "config rm overlayActive",
  "preview --config overlayActive=node2",
  "preview -c overlayActive=node2",
  "preview --config=overlayActive=node2",
  "--stack offline up",
  "-C . destroy",
  "watch",
  "something-new",
];

const goesOn = [
  "cancel --yes",
  "-s offline cancel",
  "preview --diff",
  "stack",
  "stack --show-name",
  "stack output --json",
  "stack export",
  "config",
  "config get overlayActive",
  "version",
  "whoami",
  "up --help",
  "help up",
];

for (const line of waits)
  test(`waits for others: pulumi ${line}`, (t) => {
    t.false(isReadOnly(line.split(" ")));
  });
for (const line of goesOn)
  test(`waits for nobody: pulumi ${line}`, (t) => {
    t.true(isReadOnly(line.split(" ")));
  });
