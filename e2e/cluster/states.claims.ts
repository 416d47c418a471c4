import type { CalicoKind } from "../../lib/calico/dialect.ts";
import type { Path } from "../../lib/contract/path.ts";
import { expect, type Product, saw, test } from "./fixtures.ts";
import { withPool, workloads } from "./own-pool.ts";

const pages = [
  "/",
  "/pools",
  "/addresses",
  "/ipam",
  "/namespaces",
  "/pods",
  "/nodes",
  "/path",
  "/choose",
] as const;
const kinds: readonly CalicoKind[] = [
  "IPPool",
  "IPReservation",
  "IPAMBlock",
  "IPAMHandle",
  "BlockAffinity",
  "IPAMConfiguration",
  "FelixConfiguration",
  "ClusterInformation",
  "KubeControllersConfiguration",
];

test.describe("a cluster that lacks some of Calico's objects", () => {
  for (const path of pages) {
    test(`${path} shows what there is and nothing as failed`, async ({ page }) => {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(page.getByRole("main").getByRole("alert")).toHaveCount(0);
      await expect(page.getByRole("main")).not.toContainText(/could not be read|You may not/);
    });
  }

  test("what is absent reads as Calico's default, and decides as such", async ({ product }) => {
    const absent: string[] = [];
    for (const kind of kinds) if ((await product.objects(product.kind(kind))).length === 0) absent.push(kind);
    saw("Objects that were not there", absent.join(", ") || "none");
    test.skip(
      !absent.includes("FelixConfiguration"),
      "the cluster has a FelixConfiguration, so no default decides",
    );
    const pool = await withPool(product, "states");
    const namespace = `${product.run.id}-states`;
    await product.namespace(namespace);
    await product.kubectl("annotate", "namespace", namespace, `cni.projectcalico.org/ipv4pools=["${pool}"]`);
    const [pod] = await workloads(product, namespace, 1);
    const { sees, decisions } = await pathOf(product, `${namespace}/${pod?.metadata.name}`);
    expect(sees).not.toBeNull();
    expect(decisions.filter(({ answer }) => answer === "unknown")).toEqual([]);
  });
});

function pathOf(product: Product, from: string): Promise<Path> {
  return product.get<Path>(`/api/v1/path?from=${from}&to=8.8.8.8`);
}
