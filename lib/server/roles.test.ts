import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { routes } from "../contract/routes.ts";
import type { Access } from "../sim/api/access.ts";
import { createObject } from "../kube/objects.ts";
import { readPoolImpact } from "./read/pool-impact.ts";
import { readSession } from "./session.ts";
import { serverConfig } from "./config.ts";
import { identify } from "./identity.ts";
import { operatorRules, type PolicyRule, viewerRules } from "./roles.ts";
import { pageRequest } from "./testing.ts";
import { startWriteWorld, until, type WriteWorld } from "./write/testing.ts";

let world: WriteWorld | null = null;
afterEach(async () => {
  await world?.stop();
  world = null;
});

/** As the API server's RBAC authorizer reads a rule. */
function allows(rules: readonly PolicyRule[], { verb, group, resource, name }: Access): boolean {
  if (group === "authorization.k8s.io" || group === "authentication.k8s.io") return true;
  return rules.some(
    (rule) =>
      rule.apiGroups.includes(group) &&
      rule.resources.includes(resource) &&
      rule.verbs.includes(verb) &&
      (rule.resourceNames?.includes(name) ?? true),
  );
}

/** The tutorial's cluster for somebody with these rules; `refused` fills with what was asked for in vain. */
async function startFor(rules: readonly PolicyRule[]): Promise<string[]> {
  const refused: string[] = [];
  world = await startWriteWorld((_user, access) => {
    const may = allows(rules, access);
    if (!may) refused.push(`${access.verb} ${access.resource}.${access.group} ${access.name}`.trim());
    return may;
  });
  const { states } = world.inventory;
  await until(() => states.knows("pods") && states.knows("sandboxFailures"));
  return refused;
}

type Handler = (request: Request, context: { params: Promise<Record<string, unknown>> }) => Promise<Response>;

/** Every reading route that needs nothing but the name of a pool, a block or an address. */
async function readEverything(): Promise<number> {
  const values: Readonly<Record<string, string>> = {
    "/api/v1/blocks/{name}": "10-255-96-64-26",
    "/api/v1/addresses/{ip}": "10.255.96.64",
  };
  const queries: Readonly<Record<string, string>> = {
    "/api/v1/pools/{name}/impact": "?action=delete",
    "/api/v1/pools/{name}/ownership": "?action=delete",
    "/api/v1/search": "?q=10.255",
    "/api/v1/choose": "?namespace=default&node=s666dan4151",
  };
  const app = join(import.meta.dirname, "..", "..", "app");
  const statuses: number[] = [];
  for (const { method, path } of routes) {
    // An entry of the activity is none of the cluster's.
    const apart = ["/api/v1/events", "/api/v1/path", "/api/v1/activity/{id}"];
    if (method !== "get" || apart.includes(path)) continue;
    const { GET } = (await import(
      join(app, `${path.slice(1).replaceAll(/\{(\w+)\}/g, "[$1]")}/route.ts`)
    )) as {
      GET: Handler;
    };
    const variable = /\{(\w+)\}/.exec(path)?.[1];
    const value = values[path] ?? "default-ipv4-ippool";
    const query = queries[path] ?? "";
    const response = await GET(pageRequest("GET", path.replace(/\{\w+\}/, value) + query), {
      params: Promise.resolve(variable === undefined ? {} : { [variable]: value }),
    });
    statuses.push(response.status);
    await response.arrayBuffer();
  }
  expect(new Set(statuses)).toEqual(new Set([200]));
  return statuses.length;
}

test("the viewer role covers every request that reading makes", async () => {
  const refused = await startFor(viewerRules);
  expect(await readEverything()).toBeGreaterThan(15);
  // The session asks for what it may not do: these are reviews, and none of them is a request that was refused.
  expect(refused.filter((request) => !/^(create|patch|update|delete) /.test(request))).toEqual([]);
});

test("where one kind of workloads may not be listed, a preview counts the others and says what is missing", async () => {
  const withoutJobs = viewerRules.map((rule) => ({
    ...rule,
    resources: rule.resources.filter((resource) => resource !== "jobs"),
  }));
  const making = { purpose: "a test", apiGroups: ["apps"], resources: ["deployments"], verbs: ["create"] };
  await startFor([...withoutJobs, making]);
  if (!world) throw new Error("not started");
  const resource = { group: "apps", version: "v1", plural: "deployments", namespaced: true };
  await createObject(
    world.connection,
    { resource, namespace: "default" },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: "default" },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: "web" } },
        template: {
          metadata: {
            labels: { app: "web" },
            annotations: { "cni.projectcalico.org/ipv4pools": '["default-ipv4-ippool"]' },
          },
          spec: { containers: [{ name: "main", image: "nginx" }] },
        },
      },
    },
  );
  const impact = await readPoolImpact(world.inventory, "default-ipv4-ippool", "disable", world.connection);
  const about = (kind: string) => impact.statements.find(({ subject }) => subject.kind === kind);
  expect(about("Deployment")).toMatchObject({ subject: { name: "web" }, count: 2, certainty: "exact" });
  expect(about("PodTemplate")).toMatchObject({ count: null, certainty: "unknown" });
  expect(impact.unknown?.map(({ permission }) => permission)).toEqual([
    { verb: "list", group: "batch", resource: "jobs" },
  ]);
});

test("the viewer may change nothing, the operator everything that has a button", async () => {
  await startFor(viewerRules);
  const can = async () => {
    const config = serverConfig();
    if (!config) throw new Error("not configured");
    const request = pageRequest("GET", "/api/v1/session");
    const session = await readSession(await identify(request, config), request, config);
    return Object.values(session.can);
  };
  expect((await can()).every(({ allowed, permission }) => !allowed && permission)).toBe(true);
  await world?.stop();
  await startFor([...viewerRules, ...operatorRules]);
  expect((await can()).every(({ allowed }) => allowed)).toBe(true);
});
