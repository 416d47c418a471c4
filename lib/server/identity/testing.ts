import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { vi } from "vitest";
import { startInventory, stopInventory } from "../../inventory/registry.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { type ClusterConnection, openCluster } from "../../kube/connection.ts";
import type { Access, User } from "../../sim/api/access.ts";
import { type ApiServer, startApiServer } from "../../sim/api/server.ts";
import { tutorialDone } from "../../sim/scenarios/tutorial-done.ts";
import type { JsonObject } from "../../sim/store/json.ts";
import { type Auth, readAuth } from "../auth.ts";
import { readSettings } from "../config.ts";
import { configure, pageRequest } from "../testing.ts";
import { until } from "../write/testing.ts";

/** For tests of who sees and does what: a cluster where each person has rights of their own. */
export interface PeopleWorld {
  readonly api: ApiServer;
  readonly connection: ClusterConnection;
  readonly inventory: Inventory;
  /** What people asked for in earnest or in a review, in order; not what the service account reads. */
  readonly asked: readonly { readonly user: string; readonly access: Access }[];
  /** May be changed at any time. */
  may: (user: string, access: Access) => boolean;
  stop(): Promise<void>;
}

const accountToken = "of-the-service-account";
const account: User = {
  name: "system:serviceaccount:poolboard:poolboard",
  groups: ["system:serviceaccounts", "system:authenticated"],
};
const reads = ["get", "list", "watch"];

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
export const jwt = (claims: object) => `${part({ alg: "RS256" })}.${part(claims)}.c2lnbmF0dXJl`;

/** Of jane: one that ends in ten minutes, and one too long for a cookie. */
export const shortToken = jwt({ sub: "jane", exp: Math.floor(Date.now() / 1000) + 600 });
export const longToken = jwt({ sub: "jane", groups: Array.from({ length: 600 }, () => randomUUID()) }).slice(
  0,
  12_000,
);

/** By token, with the groups that the API server knows. */
const tokens: Readonly<Record<string, User>> = {
  "token-of-jane": { name: "jane", groups: ["net", "system:authenticated"] },
  [shortToken]: { name: "jane", groups: ["net", "system:authenticated"] },
  [longToken]: { name: "jane", groups: ["net", "system:authenticated"] },
  "token-of-joe": { name: "joe", groups: ["system:authenticated"] },
};

/**
 * The tutorial's cluster after its last step, read by a service account that may read everything, speak for everybody but eve, and
 * change nothing. `more`: objects beyond it.
 */
export async function startPeopleWorld(auth: Auth, more: readonly JsonObject[] = []): Promise<PeopleWorld> {
  const asked: { user: string; access: Access }[] = [];
  const api = await startApiServer({
    tokens: { ...tokens, [accountToken]: account },
    policy: (user, access) => {
      if (user.name === account.name)
        return (
          reads.includes(access.verb) ||
          (access.verb === "impersonate" && access.name !== "eve" && access.name !== 'bad "ones"')
        );
      asked.push({ user: user.name, access });
      return world.may(user.name, access);
    },
  });
  const options = { now: Date.now(), calicoVersion: "v3.32.1" };
  api.seed([...(tutorialDone(options) as Iterable<JsonObject>), ...more]);
  const connection = await openCluster({ server: api.url, token: accountToken });
  const inventory = startInventory(connection);
  const world: PeopleWorld = {
    api,
    connection,
    inventory,
    asked,
    may: () => true,
    async stop() {
      await stopInventory();
      await connection.close();
      await api.close();
    },
  };
  await until(() => inventory.phase.status === "ready");
  await until(() => inventory.states.knows("pods") && inventory.states.knows("sandboxFailures"));
  (globalThis as unknown as Record<symbol, unknown>)[Symbol.for("poolboard.guessLimit")] = undefined;
  configure({ mode: "inCluster", connection, auth }, inventory);
  return world;
}

/** As a script sends it that has a token. */
export function scriptRequest(token: string, method: string, path: string, sent?: unknown): Request {
  const headers = {
    Authorization: `Bearer ${token}`,
    Origin: null,
    "X-Requested-By": null,
    "Sec-Fetch-Site": null,
  };
  return pageRequest(method, path, {
    headers,
    ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
  });
}

type Handler = (request: Request, context: { params: Promise<Record<string, unknown>> }) => Promise<Response>;

const app = join(import.meta.dirname, "..", "..", "..", "app");

export async function answer(request: Request, path: string, params: Record<string, unknown> = {}) {
  const file = join(app, `${path.slice(1).replaceAll(/\{(\w+)\}/g, "[$1]")}/route.ts`);
  const handlers = (await import(file)) as Record<string, Handler>;
  const handler = handlers[request.method];
  if (!handler) throw new Error(`no ${request.method}`);
  return handler(request, { params: Promise.resolve(params) });
}

export async function body(response: Response): Promise<unknown> {
  return JSON.parse(await response.text()) as unknown;
}

export const get = async (token: string, path: string) => {
  const route = path.split("?")[0] ?? "";
  const response = await answer(scriptRequest(token, "GET", path), route);
  return { status: response.status, body: await body(response) };
};

export const oidc = readAuth(readSettings({ POOLBOARD_AUTH: "oidc" }).auth).auth as Auth;

export const isRead = ({ verb }: Access) => verb === "get" || verb === "list" || verb === "watch";

/** The clock that says how long something is remembered; nothing waits. */
export function later(ms: number): void {
  const now = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: now + ms });
}
