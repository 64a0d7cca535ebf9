import { flag, map, number, object, required, set, text } from "../../../frame/fields";

/** Everything of an instance that a program may set; what "forces new resource" is so in the official provider. */
export const instanceFields = {
  ami: text({ forceNew: true, computed: true }),
  instanceType: text({ computed: true }),
  subnetId: text({ forceNew: true, computed: true }),
  availabilityZone: text({ forceNew: true, computed: true }),
  privateIp: text({ forceNew: true, computed: true }),
  secondaryPrivateIps: set(text(), { computed: true }),
  associatePublicIpAddress: flag({ forceNew: true, computed: true }),
  vpcSecurityGroupIds: set(text(), { computed: true }),
  keyName: text({ forceNew: true, computed: true }),
  iamInstanceProfile: text({ computed: true }),
  userData: text(),
  userDataBase64: text({ computed: true }),
  userDataReplaceOnChange: flag({ default: false, local: true }),
  sourceDestCheck: flag({ default: true }),
  disableApiTermination: flag({ computed: true }),
  disableApiStop: flag({ computed: true }),
  instanceInitiatedShutdownBehavior: text({ computed: true, values: ["stop", "terminate"] }),
  monitoring: flag({ computed: true }),
  ebsOptimized: flag({ forceNew: true, computed: true }),
  tenancy: text({ forceNew: true, computed: true }),
  forceDestroy: flag({ default: false, local: true }),
  getPasswordData: flag({ default: false, local: true, values: [false] }),
  creditSpecification: object(
    { cpuCredits: text({ computed: true, values: ["standard", "unlimited"] }) },
    { computed: true },
  ),
  metadataOptions: object(
    {
      httpEndpoint: text({ computed: true, values: ["enabled", "disabled"] }),
      httpTokens: text({ computed: true, values: ["required", "optional"] }),
      httpPutResponseHopLimit: number({ computed: true }),
      httpProtocolIpv6: text({ computed: true, values: ["enabled", "disabled"] }),
      instanceMetadataTags: text({ computed: true, values: ["enabled", "disabled"] }),
    },
    { computed: true },
  ),
  rootBlockDevice: object(
    {
      deleteOnTermination: flag({ default: true }),
      encrypted: flag({ forceNew: true, computed: true }),
      kmsKeyId: text({ forceNew: true, computed: true }),
      volumeSize: number({ computed: true }),
      volumeType: text({ computed: true }),
      iops: number({ computed: true }),
      throughput: number({ computed: true }),
      tags: map(),
    },
    { computed: true },
  ),
  primaryNetworkInterface: object(
    { networkInterfaceId: required(text({ forceNew: true })) },
    { forceNew: true, computed: true },
  ),
  networkInterfaces: set(
    object({
      deviceIndex: required(number()),
      networkInterfaceId: required(text()),
      networkCardIndex: number(),
      deleteOnTermination: flag(),
    }),
    { forceNew: true, computed: true },
  ),
};
