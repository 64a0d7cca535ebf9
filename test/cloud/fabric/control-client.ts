import { request } from "node:http";
import type { FabricReport } from "./control";
import type { Breakage } from "./plan/breakage";

/** Asks the fabric of a lab, and tells it things. */
export class FabricControl {
  constructor(private readonly socket: string) {}

  report(): Promise<FabricReport> {
    return this.send<FabricReport>("GET", "/report");
  }

  async console(host: string): Promise<string> {
    return (await this.send<{ text: string }>("GET", `/console?host=${encodeURIComponent(host)}`)).text;
  }

  /** Breaks something until `heal`. @throws if there is no such host or zone, with those that there are */
  async break(breakage: Breakage): Promise<void> {
    await this.send("POST", "/break", breakage);
  }

  /** Puts right whatever was broken. */
  async heal(): Promise<void> {
    await this.send("POST", "/heal");
  }

  /** Tells that the corporate network has been told something else. */
  async corporateChanged(): Promise<void> {
    await this.send("POST", "/corporate");
  }

  private send<T>(method: string, path: string, body?: unknown): Promise<T> {
    return new Promise((resolve, reject) => {
      const outgoing = request({ socketPath: this.socket, method, path }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.once("end", () => {
          const value = JSON.parse(text) as T & { error?: string };
          if (response.statusCode === 200) resolve(value);
          else reject(new Error(value.error ?? text));
        });
      });
      outgoing.once("error", reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}
