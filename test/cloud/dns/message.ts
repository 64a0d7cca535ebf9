/** The wire format of queries and answers (RFC 1035, 6891, 8914), by dns-packet; what it is asked is not known here. */
import * as packet from "dns-packet";
import type { Answer, DecodedPacket, OptAnswer } from "dns-packet";
import type { RecordSet } from "../model";
import type { Question, Resolution } from "./resolve";
import { toAnswers, UnreadableRecord } from "./rdata";

export type Transport = "udp" | "tcp";

const HEADER = 12;
/** Octets of a UDP answer for a client that says nothing of its own (RFC 1035, section 4.2.1). */
const PLAIN_UDP = 512;
/** The largest UDP answer, and what answers say of this server. */
const LARGEST_UDP = 4096;
const OPCODES = { QUERY: 0 };
const RCODES = {
  ...{ NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 },
  /** Its upper bits are in the OPT record. */
  BADVERS: 16,
};
type Rcode = keyof typeof RCODES;
type Sets = readonly RecordSet[];
/** Extended errors (RFC 8914): no server that knows was reached; a lookup that can have no end. */
const NETWORK_ERROR = 23;
const POINTER_TO_QUESTION = Buffer.of(0xc0, HEADER);
const NOT_QUESTIONS = ["OPT", "TKEY", "TSIG", "UNKNOWN_253", "UNKNOWN_254"];

/**
 * Answers one message.
 *
 * @param resolve is asked what the question is about; undefined if nobody answers here
 * @returns undefined if there is nothing to be answered: it is no query, or nobody answers
 */
export function respond(
  query: Buffer,
  transport: Transport,
  resolve: (question: Question) => Resolution | undefined,
): Buffer | undefined {
  if (query.length < HEADER || ((query[2] ?? 0) & 0x80) !== 0) return undefined;
  if ((((query[2] ?? 0) >> 3) & 15) !== OPCODES.QUERY) return bare(query, "NOTIMP");
  const end = endOfQuestion(query);
  const decoded = decode(query);
  const [question, ...more] = decoded?.questions ?? [];
  if (decoded === undefined || end === undefined || question === undefined || more.length > 0) {
    return bare(query, "FORMERR");
  }
  const opts = (decoded.additionals ?? []).filter((one): one is OptAnswer => one.type === "OPT");
  const [opt] = opts;
  if (opts.length > 1) return bare(query, "FORMERR");
  const reply = new Reply(query, end, opt, transport);
  if (opt !== undefined && opt.ednsVersion !== 0) return reply.error("BADVERS");
  if (question.class !== "IN") return reply.error("REFUSED");
  // Nobody gets a whole zone from the VPC's resolver.
  if (question.type === "AXFR" || question.type === "IXFR") return reply.error("REFUSED");
  if (NOT_QUESTIONS.includes(question.type)) return reply.error("NOTIMP");
  const resolution = resolve({ name: question.name, type: question.type });
  return resolution === undefined ? undefined : reply.of(resolution);
}

function decode(query: Buffer): DecodedPacket | undefined {
  try {
    return packet.decode(query) as DecodedPacket;
  } catch {
    // The library's only way to say that these bytes are no DNS message; the client is told by FORMERR.
    return undefined;
  }
}

/** Where the first question ends; undefined if it is cut off. Its name cannot be compressed: nothing is before it. */
function endOfQuestion(query: Buffer): number | undefined {
  let at = HEADER;
  for (;;) {
    const length = query[at];
    if (length === undefined || length > 63) return undefined;
    at += length + 1;
    if (length === 0) return at + 4 <= query.length ? at + 4 : undefined;
  }
}

/** An answer of a header alone, to what could not be read. */
function bare(query: Buffer, rcode: Rcode): Buffer {
  const reply = Buffer.alloc(HEADER);
  reply.writeUInt16BE(query.readUInt16BE(0), 0);
  // The opcode and "recursion desired" are those of the query.
  reply.writeUInt16BE(
    0x8000 | (query.readUInt16BE(2) & 0x7900) | packet.RECURSION_AVAILABLE | RCODES[rcode],
    2,
  );
  return reply;
}

class Reply {
  constructor(
    private readonly query: Buffer,
    private readonly end: number,
    private readonly opt: OptAnswer | undefined,
    private readonly transport: Transport,
  ) {}

  error(rcode: Rcode): Buffer {
    return this.assemble(rcode, [], []);
  }

  of({ rcode, answers, soa, reason }: Resolution): Buffer {
    const whole = this.whole(rcode, answers, soa, reason);
    if (whole.length <= this.limit()) return whole;
    const cut = this.assemble(rcode, [], []);
    // The client asks again over TCP; parts of an answer would be of no use to it (RFC 2181, section 9).
    cut.writeUInt16BE(cut.readUInt16BE(2) | packet.TRUNCATED_RESPONSE, 2);
    return cut;
  }

  private whole(rcode: Rcode, answers: Sets, soa: RecordSet | undefined, reason?: string): Buffer {
    try {
      return this.assemble(
        rcode,
        answers.flatMap(toAnswers),
        soa === undefined ? [] : toAnswers(soa),
        reason,
      );
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error;
      return this.assemble("SERVFAIL", [], [], error.message);
    }
  }

  private limit(): number {
    if (this.transport === "tcp") return 65_535;
    return this.opt === undefined
      ? PLAIN_UDP
      : Math.min(LARGEST_UDP, Math.max(PLAIN_UDP, this.opt.udpPayloadSize));
  }

  private assemble(rcode: Rcode, answers: Answer[], authorities: Answer[], reason?: string): Buffer {
    const asked = this.query.readUInt16BE(2) & (packet.RECURSION_DESIRED | packet.CHECKING_DISABLED);
    const flags = asked | packet.RECURSION_AVAILABLE | (RCODES[rcode] & 15);
    const additionals = this.opt === undefined ? [] : [ownOpt(rcode, reason)];
    const id = this.query.readUInt16BE(0);
    const head = packet.encode({ type: "response", id, flags }).subarray(0, HEADER);
    [1, answers.length, authorities.length, additionals.length].forEach((count, i) => {
      head.writeUInt16BE(count, 4 + 2 * i);
    });
    // The question goes back byte by byte as it came: resolvers compare it, with its mixed case.
    const question = this.query.subarray(HEADER, this.end);
    const records = [...answers, ...authorities, ...additionals].map((one) => encodeRecord(one, question));
    return Buffer.concat([head, question, ...records]);
  }
}

/** One record; the question's name becomes a pointer to it, which the library does not do (RFC 1035, section 4.1.4). */
function encodeRecord(record: Answer, question: Buffer): Buffer {
  const encoded = packet.encode({ answers: [record] }).subarray(HEADER);
  const asked = question.subarray(0, -4).toString("latin1").toLowerCase();
  const owner = encoded.subarray(0, asked.length).toString("latin1").toLowerCase();
  if (asked.length <= POINTER_TO_QUESTION.length || owner !== asked) return encoded;
  return Buffer.concat([POINTER_TO_QUESTION, encoded.subarray(asked.length)]);
}

function ownOpt(rcode: Rcode, reason: string | undefined): Answer {
  const text = Buffer.concat([Buffer.of(0, NETWORK_ERROR), Buffer.from(reason ?? "")]);
  const options = reason === undefined ? [] : [{ code: 15, data: text }];
  const extendedRcode = RCODES[rcode] >> 4;
  return {
    ...{ type: "OPT", name: ".", udpPayloadSize: LARGEST_UDP, extendedRcode },
    ...{ ednsVersion: 0, flags: 0, flag_do: false, options },
  } as unknown as Answer;
}
