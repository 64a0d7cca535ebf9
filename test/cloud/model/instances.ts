/** EC2 instances, as a hypervisor needs to know them. */

export interface Instance {
  readonly id: string;
  readonly state: "pending" | "running" | "stopping" | "stopped" | "shutting-down" | "terminated";
  /** How often it was started or rebooted since its launch: another number is another boot. */
  readonly boots: number;
  /** The Name tag; empty if there is none. */
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly imageId: string;
  readonly instanceType: string;
  readonly architecture: string;
  readonly availabilityZone: string;
  /** Such as `use1-az1`. */
  readonly availabilityZoneId: string;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly privateIpAddress: string;
  readonly privateDnsName: string;
  readonly keyName: string;
  /** Such as `/dev/xvda`. */
  readonly rootDeviceName: string;
  /** When it was launched, ISO 8601. */
  readonly launchTime: string;
  readonly reservationId: string;
  /** As it was given, base64; empty if there is none. */
  readonly userData: string;
  /** ARN of its instance profile; empty if there is none. */
  readonly instanceProfile: string;
  readonly instanceProfileId: string;
  /** Name of the profile's role; empty if there is none. */
  readonly role: string;
  /** How the metadata service answers. */
  readonly metadataOptions: {
    /** `enabled` or `disabled`. */
    readonly httpEndpoint: string;
    /** `required` or `optional`. */
    readonly httpTokens: string;
    readonly httpPutResponseHopLimit: number;
    /** `enabled` or `disabled`. */
    readonly instanceMetadataTags: string;
  };
}

export interface KeyPair {
  readonly name: string;
  /** In the format of `authorized_keys`. */
  readonly publicKey: string;
}
