import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Kind, kinds } from "../inventory/kinds.ts";
import { startInventory, stopInventory } from "../inventory/registry.ts";
import { type ClusterConnection, openCluster } from "../kube/connection.ts";
import { type EmbeddedCluster, startEmbeddedCluster } from "../sim/cluster.ts";
import { configure, pageRequest } from "./testing.ts";

/** What one viewer, and what fifty of them, make Poolboard ask of the API server. */

const app = join(import.meta.dirname, "..", "..", "app", "api", "v1");
const pool = { name: "external-pool" };

type Look = readonly [route: string, query: string, params?: Readonly<Record<string, string>>];

/** Everything that pages show by themselves. */
const pages: readonly Look[] = [
  ["cluster", ""],
  ["session", ""],
  ["pools", ""],
  ["pools/[name]", "", pool],
  ["pools/[name]/map", "?with=node,namespace", pool],
  ["pools/[name]/map", "?addresses=10.64.0.0/26", pool],
  ["pools/[name]/holds", "", pool],
  ["reservations", ""],
  ["blocks", "?pool=external-pool"],
  ["addresses", "?pool=external-pool"],
  ["addresses/[ip]", "", { ip: "10.64.0.1" }],
  ["namespaces", "?problem=true"],
  ["pods", "?state=noAddress"],
  ["nodes", ""],
  ["search", "?q=nginx"],
  ["ipam/show", "?blocks=true"],
  ["choose", "?namespace=external-ns&node=s666dan4152"],
  ["activity", ""],
  ["events", ""],
];

/** What a person asks for about one pool, and nobody else needs: read fresh. */
const onDemand: readonly (readonly [...Look, expected: readonly string[]])[] = [
  ["pools/[name]/yaml", "", pool, ["GET /apis/crd.projectcalico.org/v1/ippools/external-pool"]],
  ["pools/[name]/events", "", pool, ["GET /api/v1/events"]],
];

let cluster: EmbeddedCluster;
let connection: ClusterConnection;
let asked: string[] = [];

beforeEach(async () => {
  cluster = await startEmbeddedCluster({ scenario: "tutorial-done", controllers: false, churn: false });
  connection = await openCluster({ server: cluster.api.url });
  const inventory = startInventory(connection);
  const isWaiting = (kind: Kind) =>
    /not been (read|asked)/.test(inventory.states.missing(kind)?.reason ?? "");
  await vi.waitFor(() => expect(kinds.filter(isWaiting)).toEqual([]), { timeout: 10_000, interval: 10 });
  configure({ connection }, inventory);
  asked = [];
  const open = connection.open.bind(connection);
  vi.spyOn(connection, "open").mockImplementation((spec) => {
    // Whether the API server is there is asked by the clock.
    if (spec.path !== "/version" && spec.path !== "/readyz") asked.push(`${spec.method} ${spec.path}`);
    return open(spec);
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await stopInventory();
  await connection.close();
  await cluster.close();
});

async function look([route, query, params = {}]: Look): Promise<number> {
  const { GET } = (await import(join(app, route, "route.ts"))) as {
    GET(request: Request, context: { params: Promise<object> }): Promise<Response>;
  };
  const path = `/api/v1/${route}`.replaceAll(/\[(\w+)\]/g, (_all, name: string) => params[name] ?? "");
  const answer = await GET(pageRequest("GET", `${path}${query}`), { params: Promise.resolve(params) });
  // A stream does not end by itself.
  if (route === "events") await answer.body?.cancel();
  else await answer.arrayBuffer();
  return answer.status;
}

const open = (looks: readonly Look[]) => Promise.all(looks.map(look));

test("fifty viewers who open every page ask the API server nothing that one has not asked", async () => {
  expect(await open(pages)).toEqual(pages.map(() => 200));
  // What the one may do; that is remembered.
  expect([...new Set(asked)]).toEqual(["POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews"]);
  asked = [];
  await Promise.all(Array.from({ length: 50 }, () => open(pages)));
  expect(asked).toEqual([]);
});

test("fifty previews at a time read the workloads once", async () => {
  const preview: Look = ["pools/[name]/impact", "?action=disable", pool];
  expect(await look(preview)).toBe(200);
  const one = asked.splice(0);
  expect(one.filter((each) => each.startsWith("GET")).sort()).toEqual(
    [
      "apps/v1/daemonsets",
      "apps/v1/deployments",
      "apps/v1/statefulsets",
      "batch/v1/cronjobs",
      "batch/v1/jobs",
    ].map((kind) => `GET /apis/${kind}`),
  );
  await Promise.all(Array.from({ length: 50 }, () => look(preview)));
  expect(asked).toEqual([]);
});

test.each(onDemand)("%s%s is one request a look", async (route, query, params, expected) => {
  expect(await look([route, query, params])).toBe(200);
  expect(asked).toEqual(expected);
});
