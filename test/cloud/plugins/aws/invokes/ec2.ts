import { flag, list, text } from "../../frame/fields";
import { need } from "../context";
import { invoke } from "../define";
import { tagMap } from "../tags";
import { filterFields, single, toFilters } from "./filters";

export const getAmi = invoke({
  token: "aws:ec2/getAmi:getAmi",
  inputs: {
    ...filterFields,
    owners: list(text()),
    executableUsers: list(text()),
    includeDeprecated: flag(),
    mostRecent: flag(),
    nameRegex: text(),
  },
  async run(context, inputs) {
    // Without an owner anyone's image of the same name is found:
    // https://securitylabs.datadoghq.com/articles/whoami-a-cloud-image-name-confusion-attack/
    if (!inputs.owners?.length) {
      throw new Error(
        'owners is required, as anyone can publish an image of any name. Set it, for example to ["amazon"].',
      );
    }
    const { Images = [] } = await context.ec2("DescribeImages", {
      Owners: [...inputs.owners],
      ExecutableUsers: inputs.executableUsers && [...inputs.executableUsers],
      IncludeDeprecated: inputs.includeDeprecated,
      Filters: toFilters(inputs),
    });
    const name = inputs.nameRegex === undefined ? undefined : new RegExp(inputs.nameRegex);
    const found = Images.filter((image) => !name || name.test(image.Name ?? "")).sort(
      (a, b) => Date.parse(b.CreationDate ?? "") - Date.parse(a.CreationDate ?? ""),
    );
    const it = single(inputs.mostRecent === true ? found.slice(0, 1) : found, "image");
    const id = need(it.ImageId, "the image's id");
    const root = it.BlockDeviceMappings?.find((device) => device.DeviceName === it.RootDeviceName);
    return {
      ...inputs,
      id,
      imageId: id,
      region: context.region,
      arn: `arn:${context.partition}:ec2:${context.region}::image/${id}`,
      architecture: it.Architecture ?? "",
      blockDeviceMappings: (it.BlockDeviceMappings ?? []).map((device) => ({
        deviceName: device.DeviceName ?? "",
        noDevice: device.NoDevice ?? "",
        virtualName: device.VirtualName ?? "",
        ebs: {
          delete_on_termination: String(device.Ebs?.DeleteOnTermination ?? false),
          encrypted: String(device.Ebs?.Encrypted ?? false),
          iops: String(device.Ebs?.Iops ?? 0),
          snapshot_id: device.Ebs?.SnapshotId ?? "",
          throughput: String(device.Ebs?.Throughput ?? 0),
          volume_size: String(device.Ebs?.VolumeSize ?? 0),
          volume_type: device.Ebs?.VolumeType ?? "",
        },
      })),
      bootMode: it.BootMode ?? "",
      creationDate: it.CreationDate ?? "",
      deprecationTime: it.DeprecationTime ?? "",
      description: it.Description ?? "",
      enaSupport: it.EnaSupport ?? false,
      hypervisor: it.Hypervisor ?? "",
      imageLocation: it.ImageLocation ?? "",
      imageOwnerAlias: it.ImageOwnerAlias ?? "",
      imageType: it.ImageType ?? "",
      imdsSupport: it.ImdsSupport ?? "",
      kernelId: it.KernelId ?? "",
      lastLaunchedTime: it.LastLaunchedTime ?? "",
      name: it.Name ?? "",
      ownerId: it.OwnerId ?? "",
      platform: it.Platform ?? "",
      platformDetails: it.PlatformDetails ?? "",
      productCodes: (it.ProductCodes ?? []).map((code) => ({
        productCodeId: code.ProductCodeId,
        productCodeType: code.ProductCodeType,
      })),
      public: it.Public ?? false,
      ramdiskId: it.RamdiskId ?? "",
      rootDeviceName: it.RootDeviceName ?? "",
      rootDeviceType: it.RootDeviceType ?? "",
      rootSnapshotId: root?.Ebs?.SnapshotId ?? "",
      sriovNetSupport: it.SriovNetSupport ?? "",
      state: it.State ?? "",
      stateReason: { code: it.StateReason?.Code ?? "UNSET", message: it.StateReason?.Message ?? "UNSET" },
      tags: tagMap(it.Tags),
      tpmSupport: it.TpmSupport ?? "",
      usageOperation: it.UsageOperation ?? "",
      virtualizationType: it.VirtualizationType ?? "",
    };
  },
});

export const getVpc = invoke({
  token: "aws:ec2/getVpc:getVpc",
  inputs: {
    ...filterFields,
    id: text(),
    cidrBlock: text(),
    default: flag(),
    dhcpOptionsId: text(),
    state: text(),
  },
  async run(context, inputs) {
    const { Vpcs = [] } = await context.ec2("DescribeVpcs", {
      VpcIds: inputs.id === undefined ? undefined : [inputs.id],
      Filters: toFilters(inputs, {
        cidr: inputs.cidrBlock,
        isDefault: inputs.default === undefined ? undefined : String(inputs.default),
        "dhcp-options-id": inputs.dhcpOptionsId,
        state: inputs.state,
      }),
    });
    const it = single(Vpcs, "VPC");
    const id = need(it.VpcId, "the VPC's id");
    const [support, hostnames, tables] = await Promise.all([
      context.ec2("DescribeVpcAttribute", { VpcId: id, Attribute: "enableDnsSupport" }),
      context.ec2("DescribeVpcAttribute", { VpcId: id, Attribute: "enableDnsHostnames" }),
      context.ec2("DescribeRouteTables", {
        Filters: toFilters({}, { "vpc-id": id, "association.main": "true" }),
      }),
    ]);
    return {
      ...inputs,
      id,
      region: context.region,
      arn: `arn:${context.partition}:ec2:${context.region}:${need(it.OwnerId, "the VPC's owner")}:vpc/${id}`,
      ownerId: it.OwnerId,
      cidrBlock: it.CidrBlock,
      cidrBlockAssociations: (it.CidrBlockAssociationSet ?? []).map((association) => ({
        associationId: association.AssociationId,
        cidrBlock: association.CidrBlock,
        state: association.CidrBlockState?.State,
      })),
      default: it.IsDefault ?? false,
      dhcpOptionsId: it.DhcpOptionsId,
      enableDnsSupport: support.EnableDnsSupport?.Value ?? false,
      enableDnsHostnames: hostnames.EnableDnsHostnames?.Value ?? false,
      enableNetworkAddressUsageMetrics: false,
      instanceTenancy: it.InstanceTenancy,
      ipv6AssociationId: "",
      ipv6CidrBlock: "",
      ipv6CidrBlockAssociations: [],
      mainRouteTableId: tables.RouteTables?.[0]?.RouteTableId ?? "",
      state: it.State,
      tags: tagMap(it.Tags),
    };
  },
});

export const getSubnet = invoke({
  token: "aws:ec2/getSubnet:getSubnet",
  inputs: {
    ...filterFields,
    id: text(),
    availabilityZone: text(),
    availabilityZoneId: text(),
    cidrBlock: text(),
    defaultForAz: flag(),
    state: text(),
    vpcId: text(),
  },
  async run(context, inputs) {
    const { Subnets = [] } = await context.ec2("DescribeSubnets", {
      SubnetIds: inputs.id === undefined ? undefined : [inputs.id],
      Filters: toFilters(inputs, {
        "availability-zone": inputs.availabilityZone,
        "availability-zone-id": inputs.availabilityZoneId,
        "cidr-block": inputs.cidrBlock,
        "default-for-az": inputs.defaultForAz === undefined ? undefined : String(inputs.defaultForAz),
        state: inputs.state,
        "vpc-id": inputs.vpcId,
      }),
    });
    const it = single(Subnets, "subnet");
    const names = it.PrivateDnsNameOptionsOnLaunch;
    return {
      ...inputs,
      id: it.SubnetId,
      region: context.region,
      arn: it.SubnetArn,
      ownerId: it.OwnerId,
      vpcId: it.VpcId,
      availabilityZone: it.AvailabilityZone,
      availabilityZoneId: it.AvailabilityZoneId,
      availableIpAddressCount: it.AvailableIpAddressCount,
      assignIpv6AddressOnCreation: it.AssignIpv6AddressOnCreation ?? false,
      cidrBlock: it.CidrBlock,
      customerOwnedIpv4Pool: it.CustomerOwnedIpv4Pool ?? "",
      defaultForAz: it.DefaultForAz ?? false,
      enableDns64: it.EnableDns64 ?? false,
      enableLniAtDeviceIndex: it.EnableLniAtDeviceIndex ?? 0,
      enableResourceNameDnsARecordOnLaunch: names?.EnableResourceNameDnsARecord ?? false,
      enableResourceNameDnsAaaaRecordOnLaunch: names?.EnableResourceNameDnsAAAARecord ?? false,
      ipv6CidrBlock: "",
      ipv6CidrBlockAssociationId: "",
      ipv6Native: it.Ipv6Native ?? false,
      mapCustomerOwnedIpOnLaunch: it.MapCustomerOwnedIpOnLaunch ?? false,
      mapPublicIpOnLaunch: it.MapPublicIpOnLaunch ?? false,
      outpostArn: it.OutpostArn ?? "",
      privateDnsHostnameTypeOnLaunch: names?.HostnameType ?? "ip-name",
      state: it.State,
      tags: tagMap(it.Tags),
    };
  },
});
