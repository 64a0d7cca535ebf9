import { AwsError } from "../gateway/errors";
import { textAt, type XmlElement } from "../gateway/xml";
import { contains, isReserved, parseAddress, parseCidr } from "./cidr";
import { addressesOf } from "./corrections";
import type { RegionState } from "./region-state";

/** How the action in question words its refusals. */
export interface AddressWording {
  outside: (address: string) => string;
  inUse: (address: string) => string;
}

export const AT_LAUNCH: AddressWording = {
  outside: (address) => `Address ${address} does not fall within the subnet's address range`,
  inUse: (address) => `Address ${address} is in use.`,
};

export const AT_CREATION: AddressWording = {
  outside: (address) => `invalid value for parameter address: ${address}`,
  inUse: () => "The specified address is already in use.",
};

/**
 * Refuses private addresses that cannot be had in the subnet.
 *
 * @throws AwsError InvalidParameterValue outside of the subnet's range or reserved by AWS, InvalidIPAddress.InUse
 */
export async function checkAddresses(
  region: RegionState,
  subnet: XmlElement,
  addresses: string[],
  wording: AddressWording,
): Promise<void> {
  if (addresses.length === 0) return;
  const range = parseCidr(textAt(subnet, "cidrBlock"));
  const taken = (await region.list("networkInterfaces"))
    .filter((eni) => textAt(eni, "subnetId") === textAt(subnet, "subnetId"))
    .flatMap(addressesOf);
  for (const [index, address] of addresses.entries()) {
    const number = parseAddress(address);
    if (
      number === undefined ||
      range === undefined ||
      !contains(range, { base: number, mask: 0xffffffff, prefix: 32 })
    ) {
      throw new AwsError("InvalidParameterValue", wording.outside(address));
    }
    if (isReserved(range, number)) {
      throw new AwsError("InvalidParameterValue", `Address ${address} is in subnet's reserved address range`);
    }
    if (taken.includes(address) || addresses.indexOf(address) !== index) {
      throw new AwsError("InvalidIPAddress.InUse", wording.inUse(address));
    }
  }
}
