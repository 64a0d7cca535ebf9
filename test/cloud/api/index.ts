import { Gateway } from "./gateway/gateway";
import { listen } from "./gateway/server";
import { startMoto } from "./moto/process";
import { loadServiceModels } from "./service-model/botocore";
import type { CloudSettings } from "./settings";

export { CloudAdmin } from "./admin/client";
export { ACCOUNT_ID, LAB_CREDENTIALS } from "./admin/types";
export type * from "./admin/types";
export { ensurePython, type PythonEnvironment } from "./python";
export { DEFAULT_SETTINGS, type CloudSettings } from "./settings";

export interface CloudOptions {
  /** The interpreter that `ensurePython` made. */
  python: string;
  /** Preferred port; another is taken if it is in use. Default 0: any. */
  port?: number;
  /** Gets one JSON object a line for every call. */
  auditFile?: string;
  settings?: Partial<CloudSettings>;
}

/** A running offline cloud. */
export interface Cloud {
  /** The endpoint of every service: `http://127.0.0.1:<port>`. */
  url: string;
  port: number;
  /** Made anew at each start. */
  cloudId: string;
  motoPid: number;
  startedAt: string;
  /** Ends everything that was started. */
  close(): Promise<void>;
}

/** Starts a fake AWS of its own, empty. @throws if moto does not start or no port can be had */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const moto = await startMoto(options.python);
  try {
    const gateway = new Gateway(moto, loadServiceModels(options.python), options);
    const { server, port } = await listen(gateway, options.port ?? 0);
    return {
      url: `http://127.0.0.1:${port}`,
      port,
      cloudId: gateway.cloudId,
      motoPid: moto.pid,
      startedAt: gateway.startedAt,
      close: async () => {
        gateway.close();
        const closed = new Promise((resolve) => server.close(resolve));
        server.closeAllConnections();
        await Promise.all([closed, moto.stop()]);
      },
    };
  } catch (error) {
    await moto.stop();
    throw error;
  }
}
