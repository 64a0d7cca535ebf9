import { itemsAt, textAt, type XmlElement, type XmlNode } from "../gateway/xml";
import type { RegionState } from "./region-state";

/** Elastic addresses; the instance is the one that the interface is attached to now. */
export async function shownAddresses(region: RegionState): Promise<XmlElement[]> {
  const [addresses, interfaces] = await Promise.all([
    region.raw("addresses"),
    region.raw("networkInterfaces"),
  ]);
  return addresses.map((given) => {
    const address = without("instanceId", given);
    const eni = interfaces.find(
      (one) => textAt(one, "networkInterfaceId") === (textAt(address, "networkInterfaceId") || "none"),
    );
    const instanceId = textAt(eni, "attachment.instanceId");
    return instanceId === "" ? address : { ...address, instanceId };
  });
}

/** The element without a child, and without those that are empty. */
function without(child: string, element: XmlElement): XmlElement {
  return Object.fromEntries(
    Object.entries(element).filter(([name, value]) => name !== child && value !== ""),
  );
}

/** The interface with each elastic address at the private address that it is associated with. */
export function withElasticAddresses(eni: XmlElement, addresses: XmlElement[]): XmlElement {
  const own = addresses.filter(
    (one) => textAt(one, "networkInterfaceId") === textAt(eni, "networkInterfaceId"),
  );
  const { association, privateIpAddressesSet, ...rest } = eni;
  const elastic = (privateIp: string): XmlElement | undefined => {
    const found = own.find((one) => textAt(one, "privateIpAddress") === privateIp);
    return found === undefined ? undefined : associationOf(found, association);
  };
  const known = addresses.map((one) => textAt(one, "publicIp"));
  // What is no elastic address was given to the interface by its subnet.
  const given =
    typeof association === "object" && !known.includes(textAt(association, "publicIp"))
      ? association
      : undefined;
  const primary = elastic(textAt(eni, "privateIpAddress")) ?? given;
  const items = itemsAt(eni, "privateIpAddressesSet").map((one) => {
    const item = without("association", one);
    const address = textAt(item, "privateIpAddress");
    const at = address === textAt(eni, "privateIpAddress") ? primary : elastic(address);
    return { ...item, ...(at === undefined ? {} : { association: at }) };
  });
  return {
    ...rest,
    ...(primary === undefined ? {} : { association: primary }),
    ...(privateIpAddressesSet === undefined ? {} : { privateIpAddressesSet: { item: items } }),
  };
}

function associationOf(address: XmlElement, shown: XmlNode | undefined): XmlElement {
  const publicIp = textAt(address, "publicIp");
  const name = textAt(shown, "publicIp") === publicIp ? textAt(shown, "publicDnsName") : "";
  return {
    allocationId: textAt(address, "allocationId"),
    associationId: textAt(address, "associationId"),
    ipOwnerId: textAt(address, "networkInterfaceOwnerId"),
    ...(name === "" ? {} : { publicDnsName: name }),
    publicIp,
  };
}
