import type { ImdsCredentials } from "../../api/admin/types";
import type { CloudModel } from "../../model";

/** What the fabric tells the services of a VPC. */
export type ToServices =
  | { readonly kind: "model"; readonly model: CloudModel }
  | { readonly kind: "credentials"; readonly id: number; readonly credentials: ImdsCredentials }
  | { readonly kind: "refusal"; readonly id: number; readonly reason: string };

/** What they ask the fabric: they are in the VPC's network, from where the cloud cannot be reached. */
export interface FromServices {
  readonly kind: "credentials";
  readonly id: number;
  readonly instanceId: string;
}

/** Their one argument, as JSON. */
export interface ServicesOptions {
  readonly vpcId: string;
  readonly region: string;
  /** Where the region's certificate is kept. */
  readonly certificates: string;
  readonly resolvers: readonly string[];
  readonly metadata: string;
}
