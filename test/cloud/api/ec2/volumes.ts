import { textAt, type XmlElement } from "../gateway/xml";
import type { RegionState } from "./region-state";

/** What a volume performs at follows from its type and size unless it was bought (EBS User Guide, "EBS volume types"). */
export async function shownVolumes(region: RegionState): Promise<XmlElement[]> {
  return (await region.raw("volumes")).map((volume) => {
    const { iops, throughput, ...rest } = volume;
    const size = Number(textAt(volume, "size"));
    switch (textAt(volume, "volumeType")) {
      case "gp2":
        return { ...rest, iops: String(Math.min(Math.max(100, 3 * size), 16_000)) };
      case "gp3":
        return { ...rest, iops: given(iops) ?? "3000", throughput: given(throughput) ?? "125" };
      default:
        return volume;
    }
  });
}

function given(value: XmlElement[string] | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
