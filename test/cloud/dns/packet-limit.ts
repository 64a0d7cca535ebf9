/** Packets a second that one interface may send to the resolver on AWS; what is more is dropped. */
export const PACKETS_PER_SECOND = 1024;

/** Counts the packets of each interface, second by second. */
export class PacketLimit {
  private readonly counts = new Map<string, { second: number; packets: number }>();

  /** @param perSecond packets that are let through */
  constructor(private readonly perSecond = PACKETS_PER_SECOND) {}

  /**
   * Counts a packet.
   *
   * @param now in milliseconds
   * @returns whether it is to be answered
   */
  allows(interfaceId: string, now: number): boolean {
    const second = Math.floor(now / 1000);
    const count = this.counts.get(interfaceId);
    const packets = count?.second === second ? count.packets + 1 : 1;
    this.counts.set(interfaceId, { second, packets });
    return packets <= this.perSecond;
  }
}
