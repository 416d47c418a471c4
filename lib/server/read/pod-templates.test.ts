import { expect, test } from "vitest";
import type { Exchange } from "../../kube/testing/fault-server.ts";
import { FakeClock, until } from "../../kube/testing/fake-clock.ts";
import { connect, startServer } from "../../kube/testing/fixtures.ts";
import { pinnedTemplates } from "./pod-templates.ts";

const plurals = ["cronjobs", "daemonsets", "deployments", "jobs", "statefulsets"];

/** A cluster of which every kind is asked for; by plural. */
async function asked() {
  const server = await startServer();
  const clock = new FakeClock();
  const connection = await connect(server, { clock });
  const templates = pinnedTemplates(connection);
  const exchanges = new Map<string, Exchange>();
  // No answer is given yet: they are asked side by side.
  for (const _ of plurals) {
    const exchange = await server.next();
    exchanges.set(exchange.path.split("/").at(-1) ?? "", exchange);
  }
  expect([...exchanges.keys()].sort()).toEqual(plurals);
  return { server, clock, connection, templates, exchanges };
}

const workload = (name: string, annotations: object, replicas: number) => ({
  metadata: { namespace: "web", name, uid: name },
  spec: { replicas, template: { metadata: { annotations } } },
});

const list = (kind: string, items: readonly object[], more: object = {}) => ({
  kind: `${kind}List`,
  apiVersion: kind.endsWith("Job") ? "batch/v1" : "apps/v1",
  metadata: { resourceVersion: "5", ...more },
  items,
});

test("an API server that hangs is waited for once and for all kinds together: 5 s", async () => {
  const { clock, connection, templates, exchanges } = await asked();
  const annotations = { "cni.projectcalico.org/ipv4pools": '["main"]' };
  exchanges.get("deployments")?.json(list("Deployment", [workload("shop", annotations, 3)]));
  await until(() => exchanges.get("deployments")?.closed === true);
  // The answer has been read when its timers are gone: those of four kinds and the one for all are left.
  await until(() => clock.pending().length === 5);
  clock.advance(5_000);
  const found = await templates;
  expect(found).toMatchObject({
    known: false,
    value: [
      { kind: "Deployment", name: "shop", pods: 3, annotations: { 4: '["main"]', 6: null }, ipAddrs: null },
    ],
  });
  expect(found.missing.map(({ reason }) => reason)).toEqual(
    ["statefulsets", "daemonsets", "jobs", "cronjobs"].map(
      (plural) => `${plural} cannot be listed: the API server sent no complete list within 5 s`,
    ),
  );
  // Whoever asks meanwhile waits for nothing.
  expect(await pinnedTemplates(connection)).toBe(found);
});

test("templates that ask for pools or for addresses, whatever page they stand on", async () => {
  const { server, clock, templates, exchanges } = await asked();
  for (const kind of ["Deployment", "DaemonSet", "Job", "CronJob"])
    exchanges.get(`${kind.toLowerCase()}s`)?.json(list(kind, []));
  const exact = { "cni.projectcalico.org/ipAddrs": '["10.60.5.150"]' };
  exchanges
    .get("statefulsets")
    ?.json(list("StatefulSet", [workload("db", exact, 2), workload("plain", {}, 2)], { continue: "next" }));
  (await server.next()).json(list("StatefulSet", [workload("db2", exact, 1)]));
  expect(await templates).toEqual({
    known: true,
    missing: [],
    value: ["db", "db2"].map((name, at) => ({
      kind: "StatefulSet",
      namespace: "web",
      name,
      annotations: { 4: null, 6: null },
      ipAddrs: '["10.60.5.150"]',
      pods: 2 - at,
    })),
  });
  expect(clock.pending()).toEqual([]);
});
