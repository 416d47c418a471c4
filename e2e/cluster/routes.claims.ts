import { Problem } from "../../lib/contract/problem.ts";
import type { Pool } from "../../lib/contract/pools.ts";
import { type Route, routes } from "../../lib/contract/routes.ts";
import type { Reservation } from "../../lib/contract/reservations.ts";
import type { Unknown } from "../../lib/contract/common.ts";
import { expect, type Product, saw, test } from "./fixtures.ts";
import { cidrOf, ownPool, withPool, workloads } from "./own-pool.ts";

/** What the run knows to put into the variable parts of the routes. */
interface Objects {
  readonly pool: Pool;
  /** One that nothing holds. */
  readonly empty: Pool;
  readonly namespace: { readonly name: string; readonly uid: string; readonly resourceVersion: string };
  readonly pod: string;
  readonly node: string;
  readonly ip: string;
  readonly block: string;
  /** Of the activity: a change that can be taken back. */
  readonly entry: string;
  readonly reservation: Reservation;
}

/** They are for people in a browser, on a server where people log in. */
const forPeople = ["/api/v1/login", "/api/v1/logout"];
const asked = routes.filter(
  ({ path, answers }) => !("text/event-stream" in answers) && !forPeople.includes(path),
);

let known: Objects | null = null;
const unknowns = new Map<string, string>();

test.describe("every route of the contract answers by its schema", () => {
  for (const route of asked) {
    test(`${route.method.toUpperCase()} ${route.path}`, async ({ product }) => {
      const objects = (known ??= await prepare(product));
      const answer = await product.ask(pathOf(route, objects), requestOf(route, objects, product));
      expect(answer.status, answer.text).toBe(200);
      expect(answer.headers.get("x-poolboard-version") !== null || !isData(route)).toBe(true);
      const type = answer.headers.get("content-type")?.split(";")[0] ?? "";
      expect(Object.keys(route.answers)).toContain(type);
      const schema = route.answers[type];
      if (!schema) return;
      const checked = schema.safeParse(JSON.parse(answer.text));
      expect(checked.error?.issues ?? []).toEqual([]);
      for (const { field, reason } of unknownsIn(JSON.parse(answer.text))) unknowns.set(reason, field);
    });
  }

  test("GET /api/v1/events begins with hello and tells a change", async ({ product }) => {
    const { id } = product.run;
    const frames = await product.stream("/api/v1/events");
    await expect.poll(() => frames.text()).toContain("event: hello");
    const name = `${id}-told`;
    await product.apply("told.json", ownPool(product, "told"));
    await expect.poll(() => frames.text()).toContain(`"name":"${name}"`);
    await product.kubectl("delete", product.kind("IPPool"), name, "--wait=false");
    await expect.poll(() => frames.text()).toMatch(new RegExp(`"removed":\\{"pools":\\["${name}"\\]`));
    frames.end();
  });

  for (const [path, status, code] of [
    ["/api/v1/pools/there-is-none", 404, "not-found"],
    ["/api/v1/pools/UPPER", 400, "invalid-name"],
    ["/api/v1/addresses/10.0.0", 400, null],
    ["/api/v1/pools?limit=9999", 400, null],
  ] as const) {
    test(`GET ${path} is a problem by its schema`, async ({ product }) => {
      const answer = await product.ask(path);
      const problem = Problem.parse(JSON.parse(answer.text));
      expect([400, 404, 422]).toContain(answer.status);
      expect(problem.status).toBe(answer.status);
      if (code !== null) expect(problem).toMatchObject({ status, code });
    });
  }

  test("what the product does not know of this cluster says so with its reason", async ({ product }) => {
    known ??= await prepare(product);
    const reasons = [...unknowns.keys()].sort();
    for (const reason of reasons) expect(reason).toMatch(/\w+ \w+/);
    saw("Unknown in the answers", reasons.length === 0 ? "nothing" : reasons.join("; "));
  });
});

async function prepare(product: Product): Promise<Objects> {
  const name = await withPool(product, "routes");
  await product.namespace(name);
  await product.kubectl(
    "annotate",
    "--overwrite",
    "namespace",
    name,
    `cni.projectcalico.org/ipv4pools=["${name}"]`,
  );
  const [pod] = await workloads(product, name, 1);
  const ip = pod?.status.podIP ?? "";
  await expect
    .poll(async () => (await product.get<{ block: string | null }>(`/api/v1/addresses/${ip}`)).block)
    .not.toBeNull();
  const { block } = await product.get<{ block: string }>(`/api/v1/addresses/${ip}`);
  const { items } = await product.get<{ items: Objects["namespace"][] }>(`/api/v1/namespaces?q=${name}`);
  const namespace = items.find((each) => each.name === name);
  if (!namespace) throw new Error(`no namespace ${name} in the answer`);
  const entry = await aChange(product, name);
  const reservation = await aReservation(product);
  const [pool, empty] = await Promise.all(
    [name, await withPool(product, "empty")].map((each) => product.get<Pool>(`/api/v1/pools/${each}`)),
  );
  if (!pool || !empty) throw new Error("no pools in the answers");
  return {
    pool,
    empty,
    namespace,
    pod: `${name}/${pod?.metadata.name}`,
    node: pod?.spec.nodeName ?? "",
    ip,
    block,
    entry,
    reservation,
  };
}

async function aReservation(product: Product): Promise<Reservation> {
  const name = await product.reserve("routes", [cidrOf(product, "form")]);
  const named = async () => {
    const { items } = await product.get<{ items: Reservation[] }>(`/api/v1/reservations?q=${name}`);
    return items[0] ?? null;
  };
  await expect.poll(named).not.toBeNull();
  return (await named()) as Reservation;
}

async function aChange(product: Product, name: string): Promise<string> {
  const path = `/api/v1/pools/${name}`;
  const { uid, resourceVersion, natOutgoing } = await product.get<Pool>(path);
  const body = { uid, resourceVersion, natOutgoing: !natOutgoing };
  return (await product.ask(path, { method: "PATCH", body })).headers.get("x-request-id") ?? "";
}

function pathOf(
  { method, path }: Route,
  { pool, empty, namespace, pod, node, ip, block, entry, reservation }: Objects,
): string {
  const names = {
    blocks: block,
    namespaces: namespace.name,
    reservations: reservation.name,
    pools: method === "delete" ? empty.name : pool.name,
  };
  const [, noun = ""] = /^\/api\/v1\/(\w+)\//.exec(path) ?? [];
  const name = Object.entries(names).find(([each]) => each === noun)?.[1] ?? "";
  const query: Readonly<Record<string, string>> = {
    "/api/v1/choose": `?namespace=${namespace.name}&node=${node}`,
    "/api/v1/path": `?from=${pod}&to=8.8.8.8`,
    "/api/v1/search": `?q=${ip}`,
    "/api/v1/pools/{name}/impact": "?action=disable",
    "/api/v1/pools/{name}/map": "?format=json",
    "/api/v1/pools/{name}/ownership": "?action=disable",
  };
  const filled = path.replace("{name}", name).replace("{ip}", ip).replace("{id}", entry);
  return filled + (method === "get" ? (query[path] ?? "") : "?dryRun=true");
}

/** Nothing is written: the API server's own dry run answers. */
function requestOf(
  { method, path }: Route,
  { pool, empty, namespace, reservation }: Objects,
  product: Product,
) {
  if (method === "get") return {};
  const { uid, resourceVersion } = pool;
  const seen = { uid: namespace.uid, resourceVersion: namespace.resourceVersion };
  const spec = { cidr: cidrOf(product, "form") };
  const bodies: Readonly<Record<string, object>> = {
    "post /api/v1/pools": {
      apiVersion: "projectcalico.org/v3",
      kind: "IPPool",
      metadata: { name: `${product.run.id}-dry` },
      spec,
    },
    "post /api/v1/reservations": {
      apiVersion: "projectcalico.org/v3",
      kind: "IPReservation",
      metadata: { name: `${product.run.id}-dry` },
      spec: { reservedCIDRs: [spec.cidr] },
    },
    "delete /api/v1/reservations/{name}": {
      uid: reservation.uid,
      resourceVersion: reservation.resourceVersion,
      confirm: reservation.name,
    },
    "patch /api/v1/pools/{name}": { uid, resourceVersion, natOutgoing: false },
    "delete /api/v1/pools/{name}": {
      uid: empty.uid,
      resourceVersion: empty.resourceVersion,
      confirm: empty.name,
    },
    "patch /api/v1/namespaces/{name}": { ...seen, ipv4pools: null },
    "post /api/v1/activity/{id}/undo": {},
  };
  return { method: method.toUpperCase(), body: bodies[`${method} ${path}`] };
}

function isData({ path }: Route): boolean {
  return path.startsWith("/api/v1/") && !/\/(openapi\.json|session|cluster)$/.test(path);
}

/** Every `unknown` entry, however deep. */
function unknownsIn(value: unknown): readonly Unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "unknown" && Array.isArray(inner) ? (inner as Unknown[]) : unknownsIn(inner),
  );
}
