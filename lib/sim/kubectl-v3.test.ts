import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EmbeddedCluster, startEmbeddedCluster } from "./cluster.ts";
import { hasKubectl, Kubectl } from "./testing/kubectl.ts";

const document = (cidr: string): string =>
  JSON.stringify({
    apiVersion: "projectcalico.org/v3",
    kind: "IPPool",
    metadata: { name: "typed", labels: { team: "edge" } },
    spec: { cidr, blockSize: 28 },
  });

const narrow = (text: string): string[] =>
  text
    .trim()
    .split("\n")
    .map((line) => line.trim().replaceAll(/ {2,}/g, " "));

/** What kubectl says when it fails, in one line. */
async function refusal(work: Promise<string>): Promise<string> {
  const error: unknown = await work.then(
    () => new Error("it succeeded"),
    (reason: unknown) => reason,
  );
  return error instanceof Error ? error.message.replaceAll(/\s+/g, " ") : "";
}

describe.skipIf(!hasKubectl).each(["native-v3", "aggregated-v3"])(
  "kubectl on %s (skipped without kubectl)",
  (scenario) => {
    let cluster: EmbeddedCluster;
    let kubectl: Kubectl;
    beforeAll(async () => {
      cluster = await startEmbeddedCluster({ scenario });
      kubectl = await Kubectl.on(cluster.kubeconfig);
    });
    afterAll(async () => {
      await kubectl.end();
      await cluster.close();
    });

    test("create, patch, label and delete a pool of projectcalico.org/v3", { timeout: 30_000 }, async () => {
      await kubectl.file("pool.json", document("172.23.0.0/20"));
      expect(await kubectl.run("create -f pool.json")).toContain("ippool.projectcalico.org/typed created");
      const pool = "ippools.v3.projectcalico.org";
      expect(
        await kubectl.run(`patch ${pool} typed --type=merge -p`, '{"spec":{"natOutgoing":true}}'),
      ).toContain("patched");
      expect(await kubectl.run(`label ${pool} typed tier=1`)).toContain("labeled");
      const spec = await kubectl.run(`get ${pool} typed -o`, "jsonpath={.metadata.labels} {.spec}");
      expect(spec).toContain('{"team":"edge","tier":"1"}');
      expect(spec).toContain('"natOutgoing":true');
      expect(
        await refusal(kubectl.run(`patch ${pool} typed --type=merge -p`, '{"spec":{"blockSize":27}}')),
      ).toContain(
        scenario === "native-v3"
          ? "Block size cannot be changed; follow IP pool migration guide to avoid corruption."
          : "IPPool BlockSize cannot be modified",
      );
      expect(await kubectl.run(`delete ${pool} typed`)).toContain('"typed" deleted');
      expect(await refusal(kubectl.run(`get ${pool} typed`))).toContain(
        'ippools.projectcalico.org "typed" not found',
      );
    });

    test("explain knows the fields", async () => {
      const text = await kubectl.run("explain ippools.spec.cidr --api-version=projectcalico.org/v3");
      expect(narrow(text).slice(0, 3)).toEqual(["GROUP: projectcalico.org", "KIND: IPPool", "VERSION: v3"]);
    });

    test("tables as the API prints them", async () => {
      const rows = narrow(await kubectl.run("get ippools.v3.projectcalico.org"));
      if (scenario === "aggregated-v3") {
        expect(rows[0]).toBe("NAME CREATED AT");
        expect(narrow(await kubectl.run("get apiservices"))[1]).toMatch(
          /^v3\.projectcalico\.org calico-system\/calico-api True /,
        );
        return;
      }
      expect(rows.map((row) => row.replace(/ \S+$/, ""))).toEqual([
        "NAME CIDR VXLAN IPIP NAT ALLOCATABLE",
        "burst-2025 10.96.0.0/20 CrossSubnet Never true False",
        "default-ipv4-ippool 10.244.0.0/16 CrossSubnet Never true True",
        "external-pool 10.64.0.0/20 CrossSubnet Never true True",
        "internal-pool 10.64.16.0/20 CrossSubnet Never true True",
        "legacy-ipip 10.48.0.0/18 Never Always true False",
        "staging-pool 10.64.8.0/22 Always Never true False",
      ]);
      const heads = ["ipamblocks", "affinities", "ipamhandles", "ipamconfigs", "clusterinfo"].map(
        async (kind) => narrow(await kubectl.run(`get ${kind}`))[0],
      );
      expect(await Promise.all(heads)).toEqual([
        "NAME CIDR AFFINITY CLAIMTIME",
        "NAME CIDR NODE TYPE",
        "NAME ID",
        "NAME STRICTAFFINITY MAXBLOCKSPERHOST AUTOALLOCATEBLOCKS",
        "NAME VERSION READY TYPES",
      ]);
    });

    test("an overlapping pool is taken and judged, or refused", async () => {
      await kubectl.file("overlap.json", document("10.64.1.0/24"));
      if (scenario === "aggregated-v3") {
        expect(await refusal(kubectl.run("create -f overlap.json"))).toContain(
          "IPPool(typed) CIDR overlaps with IPPool(external-pool) CIDR 10.64.0.0/20",
        );
        return;
      }
      await kubectl.run("create -f overlap.json");
      await kubectl.run("wait ippool/typed --for=condition=Allocatable=false --timeout=10s");
      const reason = await kubectl.run("get ippool typed -o", "jsonpath={.status.conditions[0].reason}");
      expect(reason).toBe("CIDROverlap");
      await kubectl.run("delete ippool typed");
    });
  },
);
