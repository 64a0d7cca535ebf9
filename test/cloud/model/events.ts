/** Something changed in the fake AWS. */
export interface ChangeEvent {
  n: number;
  time: string;
  service: string;
  /** The API action, or `StateChange` when AWS itself changes something later (stopping → stopped). */
  action: string;
  region: string;
  /** Ids that the change names: `rtb-…`, `eni-…`, `i-…`, zone ids, names. */
  resources: string[];
}
