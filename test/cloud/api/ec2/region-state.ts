import type { XmlElement } from "../gateway/xml";
import type { Kind } from "./sources";

/** What is known of a region's resources: moto's answers, and what moto does not know. */
export interface RegionState {
  /** States that AWS still shows, by instance, while moto has the next one. */
  readonly passing: ReadonlyMap<string, InstanceState>;
  /** Attachment states that AWS still shows, by interface. */
  readonly attachments: ReadonlyMap<string, "attaching" | "detaching">;
  /** Since when the status checks of an instance are made to fail. */
  readonly impaired: ReadonlyMap<string, string>;
  /** Instances whose status checks have not come to a result yet. */
  readonly initializing: ReadonlySet<string>;
  /** The resources of a kind as moto has them. */
  raw(kind: Kind): Promise<XmlElement[]>;
  /** The resources of a kind as AWS shows them. Not to be changed by the caller. */
  list(kind: Kind): Promise<XmlElement[]>;
}

export interface InstanceState extends XmlElement {
  code: string;
  name: string;
}
