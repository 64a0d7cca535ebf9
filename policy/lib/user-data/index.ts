import type { Resource } from "../resource";
import { types } from "../types";
import { asList, asText, at } from "../values";
import { fromBase64 } from "./bytes";
import { type BootFile, Machine } from "./machine";
import { readPart } from "./parts";

export type { BootFile } from "./machine";

/** What user data says, as far as it can be read. */
export interface UserData {
  /** Every text in it, decoded. */
  readonly texts: readonly string[];
  /** Files that are there after the first boot. */
  readonly files: readonly BootFile[];
  /** What could not be read, each as the end of a sentence that begins with "its user data". */
  readonly unread: readonly string[];
}

export const userDataTypes = [
  types.instance,
  types.spotRequest,
  types.launchTemplate,
  types.launchConfiguration,
  types.spotFleet,
] as const;

const read = new WeakMap<object, UserData>();

/** Reads the user data of a resource, once; nothing is in it while it is unknown. */
export function userDataOf({ type, props }: Resource): UserData {
  const before = read.get(props);
  if (before !== undefined) return before;
  const machine = new Machine();
  if ((userDataTypes as readonly string[]).includes(type)) {
    const specifications = type === types.spotFleet ? asList(props.launchSpecifications) : [props];
    for (const holder of specifications) {
      const plain = asText(at(holder, "userData"));
      const encoded = asText(at(holder, "userDataBase64"));
      if (plain !== undefined && type !== types.launchTemplate)
        readPart(machine, packed(plain) ?? Buffer.from(plain));
      else readEncoded(machine, type === types.launchTemplate ? plain : encoded);
    }
  }
  const data = { texts: machine.texts, files: machine.files, unread: [...machine.unread] };
  read.set(props, data);
  return data;
}

/** What has been encoded already, the provider passes on as it is. */
function packed(text: string): Buffer | undefined {
  return text.length < 24 ? undefined : fromBase64(text);
}

function readEncoded(machine: Machine, text: string | undefined): void {
  if (text === undefined || text === "") return;
  const bytes = fromBase64(text);
  if (bytes === undefined) machine.unread.add("is not base64, which EC2 asks for here");
  readPart(machine, bytes ?? Buffer.from(text));
}
