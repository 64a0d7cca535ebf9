/** What a person has broken. Killed and frozen hosts are the hosts' own matter; the rest is the network's. */
export type Breakage =
  | { readonly kind: "kill"; readonly host: string }
  | { readonly kind: "freeze"; readonly host: string }
  | { readonly kind: "cut"; readonly host: string }
  | { readonly kind: "cut-zone"; readonly zone: string }
  | { readonly kind: "loss"; readonly host: string; readonly percent: number };
