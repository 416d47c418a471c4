import { Inventory } from "../inventory/inventory.ts";
import type { ClusterConnection } from "../kube/connection.ts";
import { log } from "./log.ts";
import { hashSecret, ownHosts, setServerConfig, type ServerConfig } from "./config.ts";

/** For tests: the bearer token of `configure`. */
export const testToken = "correct horse battery staple";
export const ownOrigin = "http://localhost:3000";

/** A connection that grants every access review and answers nothing else. */
const grantingConnection = {
  name: "test",
  clock: { now: () => Date.now(), after: () => () => undefined },
  request: async () => ({ status: { allowed: true } }),
} as unknown as ClusterConnection;

/** Configures this process as the start command would, with an inventory that has read nothing yet or the one that runs. */
export function configure(overrides: Partial<ServerConfig> = {}, running?: Inventory): Inventory {
  log.level = "silent";
  const inventory = running ?? new Inventory(null);
  const store = globalThis as unknown as Record<symbol, unknown>;
  if (!running) store[Symbol.for("poolboard.inventory")] = { inventory, stop: async () => undefined };
  store[Symbol.for("poolboard.writeLimit")] = undefined;
  setServerConfig({
    mode: "embedded",
    connection: grantingConnection,
    readOnly: false,
    anonymousView: false,
    hosts: ownHosts("127.0.0.1", 3000, []),
    tokenHash: hashSecret(testToken),
    ...overrides,
  });
  return inventory;
}

/** A request as our own page sends it; `headers` with null take one away. */
export function pageRequest(
  method: string,
  path: string,
  options: { headers?: Readonly<Record<string, string | null>>; body?: BodyInit } = {},
): Request {
  const headers = new Headers({ Host: "localhost:3000" });
  if (method !== "GET" && method !== "HEAD") {
    headers.set("Origin", ownOrigin);
    headers.set("Content-Type", "application/json");
    headers.set("X-Requested-By", "poolboard");
    headers.set("Sec-Fetch-Site", "same-origin");
  }
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  }
  const init: RequestInit & { duplex?: "half" } = { method, headers };
  if (options.body !== undefined) Object.assign(init, { body: options.body, duplex: "half" });
  return new Request(`${ownOrigin}${path}`, init);
}
