import { afterEach, describe, expect, test, vi } from "vitest";
import { routes } from "../contract/routes.ts";
import { currentInventory } from "../inventory/registry.ts";
import { serverConfig } from "./config.ts";
import {
  answer,
  get,
  isRead,
  later,
  oidc,
  type PeopleWorld,
  scriptRequest,
  startPeopleWorld,
} from "./identity/testing.ts";
import { isSeen } from "./sight.ts";
import { testToken } from "./testing.ts";

const pool = "default-ipv4-ippool";

let world: PeopleWorld | null = null;
afterEach(async () => {
  vi.useRealTimers();
  await world?.stop();
  world = null;
});

async function start(more?: Parameters<typeof startPeopleWorld>[1]): Promise<PeopleWorld> {
  world = await startPeopleWorld(oidc, more);
  return world;
}

describe("what has been read is shown as far as its viewer may list it", () => {
  const meta = (name: string, namespace?: string) => ({ name, ...(namespace ? { namespace } : {}) });
  /** Of each kind one object whose name is told by no other. */
  const canaries = [
    { apiVersion: "v1", kind: "Pod", metadata: meta("canary-pod", "default"), spec: { containers: [] } },
    { apiVersion: "v1", kind: "Node", metadata: meta("canary-node") },
    { apiVersion: "v1", kind: "Namespace", metadata: meta("canary-namespace") },
    {
      apiVersion: "crd.projectcalico.org/v1",
      kind: "IPReservation",
      metadata: meta("canary-reservation"),
      spec: { reservedCIDRs: ["10.255.96.72/29"] },
    },
    {
      apiVersion: "crd.projectcalico.org/v1",
      kind: "IPPool",
      metadata: meta("canary-pool"),
      spec: { cidr: "10.77.0.0/24" },
    },
  ];
  const resources: Readonly<Record<string, string>> = {
    "canary-pod": "pods",
    "canary-node": "nodes",
    "canary-namespace": "namespaces",
    "canary-reservation": "ipreservations",
    "canary-pool": "ippools",
  };

  /** Everything that one person can read, as one text. */
  async function everything(token: string): Promise<string> {
    const values: Readonly<Record<string, string>> = { "/api/v1/addresses/{ip}": "10.255.96.72" };
    const queries: Readonly<Record<string, string[]>> = {
      "/api/v1/search": ["?q=canary"],
      "/api/v1/choose": ["?namespace=canary-namespace&node=canary-node"],
      "/api/v1/path": ["?from=default/canary-pod&to=10.255.96.72"],
      "/api/v1/pods": ["", "?namespace=default"],
    };
    const texts: string[] = [];
    for (const { method, path } of routes) {
      if (method !== "get" || path === "/api/v1/events" || path.startsWith("/api/v1/activity/")) continue;
      const variable = /\{(\w+)\}/.exec(path)?.[1];
      const value = values[path] ?? pool;
      const action = path.endsWith("/impact") ? ["?action=delete"] : [""];
      for (const query of queries[path] ?? action) {
        const request = scriptRequest(token, "GET", path.replace(/\{\w+\}/, value) + query);
        const response = await answer(request, path, variable === undefined ? {} : { [variable]: value });
        texts.push(`${path}${query} ${Buffer.from(await response.arrayBuffer()).toString("latin1")}`);
      }
    }
    return texts.join("\n");
  }
  /** What was asked for comes back in some answers. */
  const told = (text: string, canary: string) =>
    text.split("\n").filter((line) => line.includes(canary) && !/^\S+\?\S*/.exec(line)?.[0].includes(canary));

  test.each(Object.keys(resources))(
    "%s is in no answer to somebody who may not list its kind",
    async (canary) => {
      const started = await start(canaries);
      const hidden = resources[canary];
      started.may = (user, access) => isRead(access) && (user === "jane" || access.resource !== hidden);
      expect(told(await everything("token-of-jane"), canary).length).toBeGreaterThan(0);
      expect(told(await everything("token-of-joe"), canary)).toEqual([]);
    },
  );

  test("pods of one namespace, to somebody who may list them there only", async () => {
    const started = await start(canaries);
    started.may = (_user, access) =>
      isRead(access) && (access.resource !== "pods" || access.namespace === "default");
    const all = await get("token-of-joe", "/api/v1/pods");
    expect(all).toMatchObject({
      status: 200,
      body: { items: null, unknown: [{ permission: { verb: "list", group: "", resource: "pods" } }] },
    });
    const mine = await get("token-of-joe", "/api/v1/pods?namespace=default");
    const { items } = mine.body as { items: { name: string; namespace: string }[] };
    expect(items.map(({ name }) => name)).toContain("canary-pod");
    expect(new Set(items.map(({ namespace }) => namespace))).toEqual(new Set(["default"]));
    expect(await get("token-of-joe", "/api/v1/pods?namespace=external-ns")).toMatchObject({
      body: { items: null },
    });
    expect(await get("token-of-joe", "/api/v1/pods?namespace=..")).toMatchObject({ status: 422 });
  });

  test("what is taken away is gone within a minute, and a stream ends then", async () => {
    const started = await start(canaries);
    const config = serverConfig();
    const inventory = currentInventory();
    if (!config || !inventory) throw new Error("not configured");
    const request = scriptRequest("token-of-joe", "GET", "/api/v1/events");
    expect(await isSeen(request, config, inventory)).toBe(true);
    started.may = (_user, access) => isRead(access) && access.resource !== "ippools";
    expect(await get("token-of-joe", "/api/v1/pools")).toMatchObject({ status: 200 });
    later(61_000);
    expect(await get("token-of-joe", "/api/v1/pools")).toMatchObject({ body: { items: null } });
    expect(await isSeen(request, config, inventory)).toBe(false);
    // A no is asked again sooner.
    started.may = () => true;
    later(72_000);
    expect(await isSeen(request, config, inventory)).toBe(true);
  });

  test("two with the same rights share one inventory, and one with all of them has everybody's", async () => {
    const started = await start();
    const version = async (token: string) => {
      const response = await answer(scriptRequest(token, "GET", "/api/v1/cluster"), "/api/v1/cluster");
      return response.headers.get("x-poolboard-version")?.split(".")[0];
    };
    started.may = (_user, access) => access.resource !== "pods";
    expect(await version("token-of-jane")).toBe(await version("token-of-joe"));
    expect(await version("token-of-jane")).not.toBe(await version(testToken));
    started.may = () => true;
    later(61_000);
    expect(await version("token-of-jane")).toBe(await version(testToken));
  });
});
