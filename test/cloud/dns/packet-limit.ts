/** Counts the packets of each interface, second by second. */
export class PacketLimit {
  private readonly counts = new Map<string, { second: number; packets: number }>();

  /**
   * Counts a packet.
   *
   * @param now in milliseconds
   * @param perSecond packets that are let through
   * @returns whether it is to be answered
   */
  allows(interfaceId: string, now: number, perSecond: number): boolean {
    const second = Math.floor(now / 1000);
    const count = this.counts.get(interfaceId);
    const packets = count?.second === second ? count.packets + 1 : 1;
    this.counts.set(interfaceId, { second, packets });
    return packets <= perSecond;
  }
}
