import { afterEach, describe, expect, test } from "vitest";
import { createObject, getObject, listAll, mergePatch } from "../../kube/objects.ts";
import { startEmbeddedCluster } from "../../sim/cluster.ts";
import { writeTemporaryKubeconfig } from "../../sim/kubeconfig-file.ts";
import { UsageError } from "../args.ts";
import { findLedgers, openLedger } from "./ledger.ts";
import { calicoRef, core, runLabel } from "./run.ts";
import { sweep } from "./sweep.ts";
import { openTarget, planRun, type Target } from "./target.ts";

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

/** The KUBECONFIG of an embedded cluster. */
async function clusterOf(scenario: string): Promise<string> {
  const cluster = await startEmbeddedCluster({ scenario });
  const { file, remove } = await writeTemporaryKubeconfig(cluster.kubeconfig);
  endings.push(remove, () => cluster.close());
  return file;
}

async function targetOf(scenario: string): Promise<Target> {
  const target = await openTarget(await clusterOf(scenario));
  endings.push(() => target.connection.close());
  return target;
}

async function makePool({ connection, mode }: Target, name: string, cidr: string): Promise<void> {
  const body = { apiVersion: "crd.projectcalico.org/v1", kind: "IPPool", metadata: { name }, spec: { cidr } };
  await createObject(connection, { resource: calicoRef(mode, "IPPool") }, body);
}

describe("a cluster that is refused, in one line", () => {
  test.each([
    ["none is named", undefined, "KUBECONFIG is not set; set it to"],
    ["several are named", "/a:/b", "KUBECONFIG names several files; set it to one"],
    ["the file is not there", "/nowhere/kubeconfig", "there is no file /nowhere/kubeconfig; set KUBECONFIG"],
  ])("%s", async (_, variable, message) => {
    const refused = openTarget(variable);
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(message);
  });

  test("its pods get their addresses elsewhere", async () => {
    await expect(openTarget(await clusterOf("not-calico"))).rejects.toThrow(
      /^not a Calico IPAM cluster \(.+\); use/,
    );
  });

  test("it does not answer", async () => {
    const cluster = await startEmbeddedCluster({ scenario: "empty", controllers: false });
    const { file, remove } = await writeTemporaryKubeconfig(cluster.kubeconfig);
    endings.push(remove);
    await cluster.close();
    await expect(openTarget(file)).rejects.toThrow(/cannot be reached .+; is it running\?$/);
  });

  test("its pools leave no range free", async () => {
    const target = await targetOf("tutorial");
    for (const [name, cidr] of [
      ["ten", "10.0.0.0/8"],
      ["shared", "100.64.0.0/10"],
      ["private", "172.16.0.0/12"],
    ] as const)
      await makePool(target, name, cidr);
    await expect(planRun(target)).rejects.toThrow(/^pools are in the way: no \/16 .+ten 10\.0\.0\.0\/8/);
  });

  test("somebody else is testing it", async () => {
    const { connection } = await targetOf("tutorial");
    const ledger = await openLedger(connection, { id: "pbt-other", cidrs: ["10.9.0.0/20"], kubelets: false });
    await expect(findLedgers(connection)).rejects.toThrow("pbt-other is testing this cluster already; wait");
    ledger.stop();
  });
});

test("what a run may use: nodes that take pods, free ranges, no stories beside pools of others", async () => {
  const run = await planRun(await targetOf("tutorial"));
  expect(run).toMatchObject({ mode: "crd-v1", kubelets: false });
  expect(run.nodes).toContain("s666dan4151");
  expect(run.noStories).toMatch(/^the cluster holds 1 pools, .+ and the stories compare all there are$/);
  expect((await planRun(await targetOf("empty")).catch(String)).toString()).toContain("no node is ready");
});

test("what a killed run left behind is removed, and nothing else", async () => {
  const target = await targetOf("tutorial");
  const { connection, mode } = target;
  const pools = calicoRef(mode, "IPPool");
  const before = (await listAll(connection, pools)).items.length;
  const id = "pbt-gone1";
  const ledger = await openLedger(connection, { id, cidrs: ["10.9.0.0/20"], kubelets: false });
  ledger.stop();
  const annotations = { "poolboard.test/seen": "2020-01-01T00:00:00Z" };
  await mergePatch(connection, { resource: core.namespaces, name: id }, { metadata: { annotations } });
  await makePool(target, `${id}-pool`, "10.9.0.0/20");
  await makePool(target, "pbt-gone12", "10.10.0.0/20");
  for (const name of [`${id}-ns`, "innocent"]) {
    const labels = name === "innocent" ? {} : { [runLabel]: id };
    const body = { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
    await createObject(connection, { resource: core.namespaces }, body);
  }

  const left = await findLedgers(connection);
  expect(left).toEqual([{ id, cidrs: ["10.9.0.0/20"], kubelets: false }]);
  for (const each of left) await sweep(connection, mode, each, { kubelets: false, close: true });

  expect(await findLedgers(connection)).toEqual([]);
  const names = async (resource: typeof pools) =>
    (await listAll(connection, resource)).items.map(
      (item) => (item as { metadata: { name: string } }).metadata.name,
    );
  expect(await names(pools)).toHaveLength(before + 1);
  expect(await names(pools)).toContain("pbt-gone12");
  expect(await names(core.namespaces)).not.toContain(`${id}-ns`);
  expect(await getObject(connection, { resource: core.namespaces, name: "innocent" })).toBeTruthy();
});
