import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { METADATA_ANNOTATION } from "../../calico/metadata.ts";
import { poolEntries } from "../../calico/installation-pools.ts";
import { managedBy } from "../../calico/owner.ts";
import { parsePool } from "../../calico/parse-pool.ts";
import { getObject, mergePatch } from "../../kube/objects.ts";
import { resources } from "../controllers/resources.ts";
import type { KubeObject } from "../kube-objects.ts";
import { calicoResources, type StorageMode } from "../storage-mode.ts";
import { TestCluster } from "../testing/test-cluster.ts";
import { Watched } from "../testing/watched.ts";

/** What the real one needs at most, and people are told. */
const REVERTED_WITHIN_MS = 2_000;

describe.each<StorageMode>(["crd-v1", "native-v3"])("the operator on %s", (mode) => {
  let cluster: TestCluster;
  let pools: Watched<KubeObject>;
  let installations: Watched<KubeObject>;
  beforeAll(async () => {
    cluster = await TestCluster.start({ scenario: "operator-owned", apiMode: mode });
    pools = await Watched.start<KubeObject>(cluster.connection, calicoResources(mode).pools);
    installations = await Watched.start<KubeObject>(cluster.connection, resources.installations);
  });
  afterAll(async () => {
    await Promise.all([pools.stop(), installations.stop()]);
    await cluster.stop();
  });

  const pool = (name: string) => parsePool(pools.store.get(name)).value;
  /** The pool, changed twice since it had that generation: by us and by the operator. */
  const restored = (name: string, generation: number | undefined) =>
    pools.until(`${name} is changed back`, (store) => {
      const found = store.get(name);
      return (found?.metadata.generation ?? 0) >= (generation ?? 0) + 2 ? found : null;
    });
  const generationOf = (name: string) => pools.store.get(name)?.metadata.generation;
  const installation = { resource: resources.installations, name: "default" };
  const entries = async () => poolEntries(await getObject(cluster.connection, installation)) ?? [];
  const setEntries = (ipPools: readonly object[] | null) =>
    mergePatch(cluster.connection, installation, { spec: { calicoNetwork: { ipPools } } });
  const degraded = (message: string) =>
    installations.until(`the operator says "${message}"`, (store) =>
      JSON.stringify(store.get("default")).includes(`"message":${JSON.stringify(message)}`) ? true : null,
    );

  test("finds its pools as it would have left them", async () => {
    // Where Calico's pool controller is at work, it may write its word on the pool meanwhile; that is no new generation.
    const before = generationOf("edge-pool");
    // What it does about another pool, it does after having looked at all of them.
    const generation = generationOf("default-ipv4-ippool");
    await cluster.patch("pools", "default-ipv4-ippool", { spec: { natOutgoing: false } });
    await restored("default-ipv4-ippool", generation);
    expect(pool("default-ipv4-ippool")?.natOutgoing).toBe(true);
    expect(generationOf("edge-pool")).toBe(before);
    expect(pool("edge-pool")).toMatchObject({ vxlanMode: "Always", disableBGPExport: true });
    const owners = Object.fromEntries(
      [...pools.store.values()].map((raw) => [raw.metadata.name, managedBy(raw)]),
    );
    expect(owners).toEqual({
      "default-ipv4-ippool": { kind: "operator", name: "tigera-operator" },
      "edge-pool": { kind: "operator", name: "tigera-operator" },
      "lab-pool": { kind: "manager", name: "kubectl-create" },
      "batch-pool": { kind: "helm", name: "netops/network-pools" },
      "internal-pool": { kind: "argocd", name: "netops/pools" },
      "partner-pool": { kind: "flux", name: "flux-system/pools" },
      "dmz-pool": { kind: "manager", name: "Terraform" },
    });
  });

  test("takes back a blind patch within two seconds, whatever it changed, and says that it was it", async () => {
    const change = { disabled: true, nodeSelector: "!all()", namespaceSelector: "all()", natOutgoing: true };
    const [before, generation] = [pool("edge-pool"), generationOf("edge-pool")];
    const at = performance.now();
    await cluster.patch("pools", "edge-pool", { spec: change });
    await restored("edge-pool", generation);
    expect(performance.now() - at).toBeLessThan(REVERTED_WITHIN_MS);
    expect(pool("edge-pool")).toEqual({
      ...before,
      resourceVersion: expect.any(String),
      createdAt: expect.any(String),
    });
    expect(JSON.stringify(pools.store.get("edge-pool"))).toContain('"manager":"tigera-operator"');
  });

  test("keeps its label where Calico's client keeps it, also when a person took it off", async () => {
    const annotations = mode === "native-v3" ? {} : { [METADATA_ANNOTATION]: '{"labels":{"team":"edge"}}' };
    const labels = mode === "native-v3" ? { "app.kubernetes.io/managed-by": null, team: "edge" } : {};
    await cluster.patch("pools", "edge-pool", { metadata: { labels, annotations } });
    const both = { "app.kubernetes.io/managed-by": "tigera-operator", team: "edge" };
    await pools.until(
      "the label is back, beside the other",
      () => Object.entries(both).every(([key, value]) => pool("edge-pool")?.labels[key] === value) || null,
    );
    const own = Object.keys(pools.store.get("edge-pool")?.metadata.labels ?? {});
    expect(own).toHaveLength(mode === "native-v3" ? 2 : 0);
  });

  test("disableNewAllocations is the way to disable a pool, and the way back", async () => {
    const [first = {}, ...others] = await entries();
    await setEntries([{ ...first, disableNewAllocations: true }, ...others]);
    await pools.until("the pool is disabled", () => pool("default-ipv4-ippool")?.disabled || null);
    await setEntries([{ ...first, disableNewAllocations: false }, ...others]);
    await pools.until("the pool is enabled", () => pool("default-ipv4-ippool")?.disabled === false || null);
  });

  test("makes what is listed, fills in what is not said, deletes what is no longer listed", async () => {
    const before = await entries();
    await setEntries([...before, { cidr: "10.99.0.0/24" }, { cidr: "fd00:99::/64" }]);
    await pools.until("both pools are there", () =>
      pool("10.99.0.0-24") && pool("fd00.0099.0000.0000.0000.0000.0000.0000-64") ? true : null,
    );
    expect(pool("10.99.0.0-24")).toMatchObject({ ipipMode: "Always", natOutgoing: true, blockSize: 26 });
    expect((await entries()).at(-1)).toEqual({
      name: "fd00.0099.0000.0000.0000.0000.0000.0000-64",
      cidr: "fd00:99::/64",
      blockSize: 122,
      encapsulation: "None",
      natOutgoing: "Disabled",
      nodeSelector: "all()",
      allowedUses: ["Workload", "Tunnel"],
      assignmentMode: "Automatic",
      disableBGPExport: false,
      disableNewAllocations: false,
    });
    await setEntries(before);
    await pools.until("both are gone", (store) => (store.get("10.99.0.0-24") ? null : true));
    await pools.until("both are gone", (store) => (store.size === 7 ? true : null));
  });

  test("makes a deleted pool anew", async () => {
    const before = await entries();
    await setEntries([...before, { name: "short-lived", cidr: "10.95.0.0/24" }]);
    const { metadata } = await pools.until("it is there", (store) => store.get("short-lived") ?? null);
    await cluster.remove("pools", "short-lived");
    const again = await pools.until("another one is there", (store) => {
      const found = store.get("short-lived");
      return found && found.metadata.uid !== metadata.uid ? found : null;
    });
    expect(managedBy(again).kind).toBe("operator");
    await setEntries(before);
  });

  test("leaves alone what others made: of its range it says so, told to ignore one it does", async () => {
    const before = await entries();
    await setEntries([...before, { name: "lab-pool", cidr: "10.80.0.0/22", encapsulation: "IPIP" }]);
    await degraded("Cannot update an IP pool not owned by the operator");
    expect(pool("lab-pool")?.vxlanMode).toBe("CrossSubnet");
    await setEntries(before);
    await degraded("");
    const ignore = { "unsupported.operator.tigera.io/ignore": "true" };
    await cluster.patch("pools", "edge-pool", {
      metadata: { annotations: ignore },
      spec: { disabled: true },
    });
    await setEntries([...before, { cidr: "10.98.0.0/24" }]);
    await pools.until("it has looked", () => pool("10.98.0.0-24"));
    expect(pool("edge-pool")?.disabled).toBe(true);
  });

  test("a pool that equals its entry becomes the operator's", async () => {
    const before = await entries();
    const same = {
      name: "lab-pool",
      cidr: "10.80.0.0/22",
      encapsulation: "VXLANCrossSubnet",
      natOutgoing: "Enabled",
    };
    await setEntries([...before, same]);
    await pools.until(
      "the label is there",
      () => managedBy(pools.store.get("lab-pool")).kind === "operator" || null,
    );
  });

  test("does nothing about a list that it refuses", async () => {
    const before = await entries();
    await setEntries([...before, { cidr: "10.97.0.0/24", blockSize: 12 }]);
    await degraded("IPv4 pool block size must be greater than 19 and less than or equal to 32");
    expect(pool("10.97.0.0-24")).toBeNull();
    await setEntries(before);
  });

  test("more than 25 entries, an unknown field, a wrong word are refused by the API server", async () => {
    const refused = (entry: object, count = 1) =>
      expect(setEntries(Array.from({ length: count }, () => entry))).rejects;
    await refused({ cidr: "10.96.0.0/24" }, 26).toThrow(/Too many: 26: must have at most 25 items/);
    await refused({ cidr: "10.96.0.0/24", disabled: true }).toThrow(/unknown field.*ipPools\[0\]\.disabled/);
    await refused({ cidr: "10.96.0.0/24", encapsulation: "Geneve" }).toThrow(/Unsupported value: "Geneve"/);
  });
});

test("an Installation without a word about pools gets an empty list, and the usual pool once there is none", async () => {
  const cluster = await TestCluster.start({ scenario: "operator-owned" });
  const { pools: resource } = calicoResources("crd-v1");
  const installations = await Watched.start<KubeObject>(cluster.connection, resources.installations);
  const pools = await Watched.start<KubeObject>(cluster.connection, resource);
  try {
    const ref = { resource: resources.installations, name: "default" };
    const sayNothing = () =>
      mergePatch(cluster.connection, ref, { spec: { calicoNetwork: { ipPools: null } } });
    await sayNothing();
    await installations.until("the list is empty", (store) =>
      poolEntries(store.get("default"))?.length === 0 ? true : null,
    );
    await pools.until("only those of others are left", (store) => (store.size === 5 ? true : null));
    for (const { metadata } of Array.from(pools.store.values())) await cluster.remove("pools", metadata.name);
    await pools.until("all are gone", (store) => (store.size === 0 ? true : null));
    await sayNothing();
    const made = await pools.until("there is one", (store) => store.get("default-ipv4-ippool") ?? null);
    expect(parsePool(made).value).toMatchObject({ ipipMode: "Always", natOutgoing: true, blockSize: 26 });
  } finally {
    await Promise.all([pools.stop(), installations.stop()]);
    await cluster.stop();
  }
});
