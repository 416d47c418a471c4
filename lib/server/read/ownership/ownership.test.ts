import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { parsePool } from "../../../calico/parse-pool.ts";
import { poolEntries } from "../../../calico/installation-pools.ts";
import { Ownership, OwnershipQuery } from "../../../contract/ownership.ts";
import type { PoolChange } from "../../../contract/pools.ts";
import type { Inventory } from "../../../inventory/inventory.ts";
import { startInventory, stopInventory } from "../../../inventory/registry.ts";
import { type ClusterConnection, openCluster } from "../../../kube/connection.ts";
import { getObject, listAll, mergePatch, replaceObject } from "../../../kube/objects.ts";
import type { Access, Policy } from "../../../sim/api/access.ts";
import { type ApiServer, startApiServer } from "../../../sim/api/server.ts";
import { startOperator } from "../../../sim/operator/operator.ts";
import { operatorOwned } from "../../../sim/scenarios/operator-owned.ts";
import type { JsonObject } from "../../../sim/store/json.ts";
import { configure } from "../../testing.ts";
import { until } from "../../write/testing.ts";
import { installations, patchCommand } from "./dry-run.ts";
import { readOwnership } from "./read-ownership.ts";

const ref = { resource: installations, name: "default" };

let api: ApiServer;
let connection: ClusterConnection;
let inventory: Inventory;
let original: JsonObject;
let refused: (access: Access) => boolean = () => false;
beforeAll(async () => {
  const policy: Policy = (_user, access) => !refused(access);
  api = await startApiServer({ policy });
  const objects = operatorOwned({ now: Date.now(), calicoVersion: "v3.32.1", mode: "crd-v1" });
  api.seed(objects as Iterable<JsonObject>);
  connection = await openCluster({ server: api.url });
  inventory = startInventory(connection);
  await until(() => inventory.phase.status === "ready");
  configure({ connection }, inventory);
  original = (await getObject(connection, ref)) as JsonObject;
});
afterAll(async () => {
  await stopInventory();
  await connection.close();
  await api.close();
});
beforeEach(async () => {
  refused = () => false;
  await setInstallation(() => original);
});

/** Writes the Installation whole, status included. */
async function setInstallation(change: (old: JsonObject) => JsonObject): Promise<void> {
  const current = (await getObject(connection, ref)) as { metadata: { resourceVersion: string } };
  const wanted = change(original);
  const { resourceVersion } = current.metadata;
  const metadata = { ...(wanted["metadata"] as JsonObject), resourceVersion };
  const written = (await replaceObject(connection, ref, { ...wanted, metadata })) as JsonObject;
  await replaceObject(
    connection,
    { ...ref, subresource: "status" },
    { ...written, status: wanted["status"] ?? {} },
  );
}

const calicoNetwork = (ipPools: readonly object[] | null) => (old: JsonObject) =>
  ({ ...old, spec: { ...(old["spec"] as object), calicoNetwork: { ipPools } } }) as JsonObject;
const status = (value: object) => (old: JsonObject) => ({ ...old, status: value }) as JsonObject;

const ask = async (name: string, query: Record<string, string>, readOnly = false) =>
  Ownership.parse(
    await readOwnership({ inventory, connection, name, query: OwnershipQuery.parse(query), readOnly }),
  );
const askChange = (name: string, change: PoolChange) =>
  ask(name, { action: "update", spec: JSON.stringify(change) });
const entries = () => poolEntries(original) ?? [];

describe("a pool of the operator", () => {
  const at = "spec.calicoNetwork.ipPools[1]";
  const changes: readonly (readonly [string, PoolChange, object, string])[] = [
    ["disabled", { disabled: true }, { disableNewAllocations: true }, `${at}.disableNewAllocations`],
    [
      "encapsulation",
      { vxlanMode: "CrossSubnet" },
      { encapsulation: "VXLANCrossSubnet" },
      `${at}.encapsulation`,
    ],
    [
      "another encapsulation",
      { vxlanMode: "Never", ipipMode: "Always" },
      { encapsulation: "IPIP" },
      `${at}.encapsulation`,
    ],
    ["NAT", { natOutgoing: true }, { natOutgoing: "Enabled" }, `${at}.natOutgoing`],
    ["node selector", { nodeSelector: "" }, { nodeSelector: "all()" }, `${at}.nodeSelector`],
    ["uses", { allowedUses: ["Tunnel"] }, { allowedUses: ["Tunnel"] }, `${at}.allowedUses`],
    ["assignment", { assignmentMode: "Manual" }, { assignmentMode: "Manual" }, `${at}.assignmentMode`],
    ["BGP export", { disableBGPExport: false }, { disableBGPExport: false }, `${at}.disableBGPExport`],
    [
      "two at once",
      { disabled: true, natOutgoing: true },
      { disableNewAllocations: true, natOutgoing: "Enabled" },
      `${at}.disableNewAllocations, ${at}.natOutgoing`,
    ],
  ];
  test.each(changes)(
    "%s: the complete list with that one change, accepted",
    async (_name, change, words, field) => {
      const answer = await askChange("edge-pool", change);
      expect(answer).toMatchObject({
        managedBy: { kind: "operator", name: "tigera-operator" },
        where: { kind: "Installation", name: "default", field },
        override: false,
        edit: null,
        dryRun: { outcome: "accepted" },
      });
      const body = JSON.parse(answer.patch?.body ?? "");
      const { resourceVersion } = (
        (await getObject(connection, ref)) as { metadata: { resourceVersion: string } }
      ).metadata;
      const [first, second] = entries();
      expect(body).toEqual({
        metadata: { resourceVersion },
        spec: { calicoNetwork: { ipPools: [first, { ...second, ...words }] } },
      });
      expect(parse(answer.patch?.yaml ?? "", { version: "1.1" })).toEqual(body);
      const [from = 0, to = 0] = answer.patch?.changed ?? [];
      const changed = answer.patch?.yaml.split("\n").slice(from, to) ?? [];
      // Of a list it is the lines below its name.
      const names = Object.keys(words).map((key) => (key === "allowedUses" ? "- Tunnel" : `${key}:`));
      for (const part of names) expect(changed.join("\n")).toContain(part);
      if (names.length === 1) expect(changed).toHaveLength(1);
    },
  );

  test.each<[string, Record<string, string>]>([
    ["enabling an enabled pool", { action: "enable" }],
    ["what it is already", { action: "update", spec: '{"natOutgoing":false,"vxlanMode":"Always"}' }],
  ])("%s changes nothing: no patch, and nothing is tried", async (_name, query) => {
    refused = ({ verb }) => verb === "patch";
    const answer = await ask("edge-pool", query);
    expect(answer).toMatchObject({ patch: null, dryRun: { outcome: "notAsked", detail: null } });
    expect(answer.advice[0]).toMatch(/^Nothing changes: the Installation says so already/);
  });

  test("what the Installation has no field for is said, and not patched", async () => {
    const answer = await askChange("edge-pool", { namespaceSelector: "team == 'a'" });
    expect(answer).toMatchObject({
      patch: null,
      dryRun: { outcome: "notAsked", detail: null },
      where: { field: at },
    });
    expect(answer.advice.join(" ")).toContain(
      "no field for namespaceSelector: set on the pool, the operator wipes it",
    );
  });

  test("fields of the entry that nobody here knows stay", async () => {
    const [first = {}, second = {}] = entries();
    const strange = { ...second, name: "edge-pool", blockSize: 27 };
    await setInstallation(calicoNetwork([first, strange]));
    const { patch } = await ask("edge-pool", { action: "disable" });
    expect(JSON.parse(patch?.body ?? "").spec.calicoNetwork.ipPools[1]).toEqual({
      ...strange,
      disableNewAllocations: true,
    });
  });

  test("the command is the patch, whatever quotes are in it", async () => {
    const { patch } = await askChange("edge-pool", { nodeSelector: `zone == 'a' && x == "$(y)"` });
    expect(patch?.command).toBe(patchCommand(patch?.body ?? ""));
    const [, argument = ""] =
      patch?.command.split(/^kubectl patch installation default --type merge -p /) ?? [];
    expect(execFileSync("sh", ["-c", `printf %s ${argument}`], { encoding: "utf8" })).toBe(patch?.body);
  });

  test("the rule by version is told", async () => {
    const told = async (version: string | undefined) => {
      await setInstallation(status(version === undefined ? {} : { calicoVersion: version }));
      return (await ask("edge-pool", { action: "disable" })).advice.join(" ");
    };
    expect(await told("v3.32.1")).toContain(
      "known from operator v1.36, which came with Calico v3.29; this cluster runs v3.32.1.",
    );
    expect(await told("v3.28.2")).toContain("this cluster runs v3.28.2, whose operator does not know it.");
    expect(await told(undefined)).toContain("which Calico runs here the Installation does not say.");
  });

  test("who owns the Installation itself is told too", async () => {
    const owned = {
      "meta.helm.sh/release-name": "calico",
      "meta.helm.sh/release-namespace": "tigera-operator",
    };
    await setInstallation(
      (old) => ({ ...old, metadata: { ...(old["metadata"] as object), annotations: owned } }) as JsonObject,
    );
    const { advice } = await ask("edge-pool", { action: "disable" });
    expect(advice.join(" ")).toContain("Helm (tigera-operator/calico) owns the Installation itself");
    expect(advice.join(" ")).toContain("installation.calicoNetwork.ipPools");
  });

  test("an operator that is degraded is told", async () => {
    await setInstallation(
      status({ conditions: [{ type: "Degraded", status: "True", message: "Cannot <b>" }] }),
    );
    expect((await ask("edge-pool", { action: "disable" })).advice.join(" ")).toContain(
      "degraded, and may do nothing until that is mended: Cannot <b>",
    );
  });

  test("the last entry leaves an empty list", async () => {
    await setInstallation(calicoNetwork(entries().slice(1)));
    const { patch, advice } = await ask("edge-pool", { action: "delete" });
    expect(JSON.parse(patch?.body ?? "").spec.calicoNetwork.ipPools).toEqual([]);
    expect(advice.join(" ")).toContain("with an empty list the operator makes no pool any more");
  });

  test("no list in the spec: the one that the operator works from", async () => {
    await setInstallation((old) =>
      status({ computed: { calicoNetwork: { ipPools: entries() } } })(calicoNetwork(null)(old)),
    );
    const { patch, dryRun } = await ask("edge-pool", { action: "disable" });
    expect(JSON.parse(patch?.body ?? "").spec.calicoNetwork.ipPools).toHaveLength(2);
    expect(dryRun.outcome).toBe("accepted");
  });

  test("an entry of the overlay is changed there", async () => {
    const [first = {}] = entries();
    await setInstallation((old) =>
      status({ computed: { calicoNetwork: { ipPools: entries() } } })(calicoNetwork([first])(old)),
    );
    const answer = await ask("edge-pool", { action: "disable" });
    expect(answer).toMatchObject({
      patch: null,
      where: { name: "overlay" },
      dryRun: { outcome: "notAsked" },
    });
  });

  test("a pool that the list has no more is left over", async () => {
    await setInstallation((old) => status({})(calicoNetwork(entries().slice(0, 1))(old)));
    const answer = await ask("edge-pool", { action: "disable" });
    expect(answer).toMatchObject({ patch: null, override: false, dryRun: { outcome: "notAsked" } });
    expect(answer.advice.join(" ")).toContain("edge-pool is left over: the operator deletes such a pool");
  });
});

describe("what the API server says to the patch", () => {
  test("forbidden: the permission is named", async () => {
    refused = ({ verb, resource }) => verb === "patch" && resource === "installations";
    const { dryRun, patch } = await ask("edge-pool", { action: "disable" });
    const permission = {
      verb: "patch",
      group: "operator.tigera.io",
      resource: "installations",
      name: "default",
    };
    expect(dryRun).toEqual({
      outcome: "forbidden",
      detail: "You may not change the Installation.",
      permission,
    });
    expect(patch).not.toBeNull();
  });

  test("the Installation may not be read: unknown, with the permission", async () => {
    refused = ({ verb, resource }) => verb === "get" && resource === "installations";
    const answer = await ask("edge-pool", { action: "disable" });
    expect(answer).toMatchObject({
      patch: null,
      dryRun: { outcome: "notAsked", detail: "the Installation may not be read" },
      unknown: [{ field: "patch", permission: { verb: "get", resource: "installations" } }],
    });
    expect(await ask("lab-pool", { action: "disable" })).toMatchObject({ where: null, override: false });
  });

  test("refused: its words", async () => {
    const many = Array.from({ length: 24 }, (_, index) => ({ cidr: `10.200.${index}.0/24` }));
    const computed = { calicoNetwork: { ipPools: [...entries(), ...many] } };
    await setInstallation((old) => status({ computed })(calicoNetwork(null)(old)));
    const { dryRun } = await ask("edge-pool", { action: "disable" });
    expect(dryRun.outcome).toBe("refused");
    expect(dryRun.detail).toContain("spec.calicoNetwork.ipPools: Too many: 26: must have at most 25 items");
  });

  test("a schema without the field: strict validation tells, and so do we", async () => {
    const definition = {
      resource: {
        group: "apiextensions.k8s.io",
        version: "v1",
        plural: "customresourcedefinitions",
        namespaced: false,
      },
      name: "installations.operator.tigera.io",
    };
    const before = (await getObject(connection, definition)) as JsonObject;
    const [first = {}, second = {}] = entries();
    const without = (entry: object) => ({ ...entry, disableNewAllocations: undefined });
    await setInstallation(calicoNetwork([without(first), without(second)]));
    const older = JSON.parse(JSON.stringify(before), (key, value: unknown) =>
      key === "disableNewAllocations" ? undefined : value,
    ) as JsonObject;
    await replaceObject(connection, definition, older);
    try {
      const { dryRun } = await ask("edge-pool", { action: "disable" });
      expect(dryRun.outcome).toBe("refused");
      expect(dryRun.detail).toMatch(
        /schema in this cluster lacks disableNewAllocations.*strict decoding error: unknown field/,
      );
    } finally {
      const { resourceVersion: _, ...metadata } = before["metadata"] as JsonObject;
      await replaceObject(connection, definition, { ...before, metadata });
    }
  });

  test("a read-only server sends nothing", async () => {
    refused = ({ verb }) => verb === "patch";
    const { dryRun } = await ask("edge-pool", { action: "disable" }, true);
    expect(dryRun).toEqual({
      outcome: "notAsked",
      detail: "Poolboard runs read-only: it sends no write, not even a dry run.",
    });
  });

  test("nothing is stored", async () => {
    const before = await getObject(connection, ref);
    await ask("edge-pool", { action: "delete" });
    expect(await getObject(connection, ref)).toEqual(before);
  });
});

describe("pools of others", () => {
  test.each([
    [
      "batch-pool",
      { kind: "Helm release", namespace: "netops", name: "network-pools", field: "spec.disabled" },
      /from the chart network-pools-1\.4\.0.*helm get values network-pools -n netops --all/,
    ],
    [
      "internal-pool",
      { kind: "Argo CD application", namespace: "netops", name: "pools", field: "spec.disabled" },
      /annotation argocd\.argoproj\.io\/tracking-id.*self-heal/,
    ],
    [
      "partner-pool",
      { kind: "Flux Kustomization", namespace: "flux-system", name: "pools", field: "spec.disabled" },
      /label kustomize\.toolkit\.fluxcd\.io\/name.*reconcile it/,
    ],
    [
      "dmz-pool",
      { kind: "Field manager", name: "Terraform", field: "spec.disabled" },
      /Terraform wrote this pool's spec last/,
    ],
  ])("%s", async (name, where, words) => {
    const answer = await ask(name, { action: "disable" });
    expect(answer).toMatchObject({ where, patch: null, override: true, dryRun: { outcome: "notAsked" } });
    expect(answer.advice.join(" ")).toMatch(words);
    expect(answer.edit).toBe(name === "dmz-pool" ? null : "spec:\n  disabled: true\n");
  });

  test("one that is so already: nothing changes", async () => {
    for (const name of ["batch-pool", "lab-pool"]) {
      const answer = await ask(name, { action: "enable" });
      expect(answer.advice[0]).toBe(`Nothing changes: ${name} is so already.`);
      expect(answer.edit).toBeNull();
    }
  });

  test("deleting one means its manifest", async () => {
    const answer = await ask("internal-pool", { action: "delete" });
    expect(answer).toMatchObject({ where: { field: "the manifest of IPPool internal-pool" }, edit: null });
  });

  test("a command is made of names only", async () => {
    const resource = { group: "crd.projectcalico.org", version: "v1", plural: "ippools", namespaced: false };
    const hostile = { metadata: { annotations: { "meta.helm.sh/release-name": "x; rm -rf ~" } } };
    await mergePatch(connection, { resource, name: "batch-pool" }, hostile);
    await until(
      () => inventory.space.pools.get("", "batch-pool")?.managedBy.name?.includes("rm -rf") ?? false,
    );
    const { advice, where } = await ask("batch-pool", { action: "disable" });
    expect(where?.name).toBe("x; rm -rf ~");
    expect(advice.join(" ")).not.toContain("rm -rf");
  });

  test("made by hand, it is nobody else's", async () => {
    const answer = await ask("lab-pool", { action: "disable" });
    expect(answer).toMatchObject({
      managedBy: { kind: "manager", name: "kubectl-create" },
      where: null,
      override: false,
    });
    expect(answer.advice).toEqual([
      "kubectl-create wrote lab-pool last, a tool that people use by hand. Nothing is known that writes it again.",
    ]);
  });

  test("equal to an entry it is the operator's all the same", async () => {
    const same = { cidr: "10.80.0.0/22", encapsulation: "VXLANCrossSubnet" };
    await setInstallation(calicoNetwork([...entries(), same]));
    const answer = await ask("lab-pool", { action: "disable" });
    expect(answer).toMatchObject({
      where: { kind: "Installation", field: "spec.calicoNetwork.ipPools[2].disableNewAllocations" },
      override: true,
      dryRun: { outcome: "accepted" },
    });
    expect(answer.advice[0]).toContain("exactly what the Installation lists");
  });

  test("of a range that is listed otherwise, the operator only complains", async () => {
    await setInstallation(calicoNetwork([...entries(), { cidr: "10.80.0.0/22", encapsulation: "None" }]));
    const answer = await ask("lab-pool", { action: "disable" });
    expect(answer.where).toBeNull();
    expect(answer.advice.join(" ")).toContain("lists the same range otherwise than the pool is");
  });
});

test.each([
  [{ action: "update" }, "spec", /must say which fields/],
  [{ action: "update", spec: "{" }, "spec", /is not JSON/],
  [{ action: "update", spec: '{"cidr":"10.0.0.0/8"}' }, "spec.cidr", /not a field/],
  [{ action: "update", spec: '{"nodeSelector":"zone ="}' }, "spec.nodeSelector", /./],
  [{ action: "delete", spec: "{}" }, "spec", /goes with action=update only/],
])("%j is refused by parameter", async (query, field, words) => {
  const errors = [{ field, message: expect.stringMatching(words) }];
  await expect(ask("edge-pool", query)).rejects.toMatchObject({ status: 422, errors });
});

test("sent as it is, the patch makes of the pool what was asked for, and of no other pool anything", async () => {
  const resource = { group: "crd.projectcalico.org", version: "v1", plural: "ippools", namespaced: false };
  const pools = async () => {
    const { items } = await listAll(connection, resource);
    return new Map(
      items
        .flatMap((raw) => parsePool(raw).value ?? [])
        .map((pool) => [pool.name, { ...pool, resourceVersion: "" }]),
    );
  };
  const operator = startOperator(connection, "crd-v1");
  await operator.ready;
  try {
    const change: PoolChange = {
      disabled: true,
      vxlanMode: "Never",
      nodeSelector: "zone == 'b'",
      natOutgoing: true,
    };
    const before = await pools();
    const { patch } = await askChange("edge-pool", change);
    await mergePatch(connection, ref, JSON.parse(patch?.body ?? ""));
    while (!(await pools()).get("edge-pool")?.disabled)
      await new Promise((resolve) => setTimeout(resolve, 10));
    const wanted = new Map(before);
    const edge = before.get("edge-pool");
    if (edge) wanted.set("edge-pool", { ...edge, ...change } as typeof edge);
    expect(await pools()).toEqual(wanted);
  } finally {
    await operator.stop();
  }
});
