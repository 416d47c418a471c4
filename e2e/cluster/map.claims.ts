import { rm } from "node:fs/promises";
import { join } from "node:path";
import { capture, contents } from "../capture-runs.ts";
import { temporaryFolder } from "../fixtures.ts";
import { tabTo } from "../steps.ts";
import { expect, type Product, test } from "./fixtures.ts";
import { cidrOf, withPool, workloads } from "./own-pool.ts";

interface Block {
  readonly spec: { readonly cidr: string; readonly allocations: readonly (number | null)[] };
}

/** A pool with a pod on it, and the pod. */
async function usedPool(product: Product) {
  const pool = await withPool(product, "map");
  const namespace = `${product.run.id}-map`;
  await product.namespace(namespace);
  const annotations = { "cni.projectcalico.org/ipv4pools": `["${pool}"]` };
  const [pod] = await workloads(product, namespace, 1, annotations);
  if (!pod) throw new Error("the pod is not there");
  return { pool, namespace, pod };
}

test.describe("the map of a pool", () => {
  test("shows the blocks that kubectl reads, and leads by keyboard from a block to its pod", async ({
    page,
    product,
  }) => {
    const { pool, namespace, pod } = await usedPool(product);
    const base = cidrOf(product, "map").replace(/0\/24$/, "");
    const blocks = (await product.objects<Block>(product.kind("IPAMBlock"))).filter(({ spec }) =>
      spec.cidr.startsWith(base),
    );
    await page.goto(`/pools/${pool}`);
    await expect(page.getByText(`${blocks.length} of 16 blocks claimed`)).toBeVisible();
    const last = Number(pod.status.podIP.split(".")[3]);
    const block = blocks.find(({ spec }) => spec.cidr === `${base}${Math.floor(last / 16) * 16}/28`);
    const used = block?.spec.allocations.filter((slot) => slot !== null).length;
    const map = page.getByRole("application", { name: `Block map of ${pool}` });
    await tabTo(page, map);
    // The first press goes to the first block.
    for (let row = 0; row <= Math.floor(last / 16); row += 1) await page.keyboard.press("ArrowRight");
    await expect(page.getByText(`${block?.spec.cidr}, ${used} of 16 in use`)).toBeVisible();
    await page.keyboard.press("Enter");
    const drawer = page.getByRole("dialog", { name: `Block ${block?.spec.cidr}` });
    const first = Math.floor(last / 16) * 16;
    await tabTo(page, drawer.getByRole("button", { name: new RegExp(`^${base}${first}, `) }));
    for (let at = last % 16; at > 0; at -= 1) await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await tabTo(page, drawer.getByRole("link", { name: "See the pod" }));
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(new RegExp(`namespace=${namespace}&q=${pod.metadata.name}`));
    await expect(page.getByRole("table")).toContainText(pod.status.podIP);
  });

  test("captured twice from one state it is the same to the byte", async ({ product }) => {
    const { pool } = await usedPool(product);
    const folder = await temporaryFolder();
    const kubeconfig = process.env["KUBECONFIG"] ?? "";
    const args = ["--kubeconfig", kubeconfig, "--views", "map", "--pools", pool, "--reproducible"];
    const runs = await Promise.all(
      ["one", "other"].map((name) => capture(...args, "--out", join(folder, name))),
    );
    for (const { code, lines } of runs) expect({ code, lines }).toMatchObject({ code: 0 });
    const [one, other] = [await contents(join(folder, "one")), await contents(join(folder, "other"))];
    expect([...one.keys()]).toEqual([...other.keys()]);
    for (const [name, bytes] of one) expect(other.get(name)?.equals(bytes), name).toBe(true);
    await rm(folder, { recursive: true });
  });
});
