import type { IpamShow } from "../../lib/contract/ipam-show.ts";
import { type Layout, printShow } from "../../lib/cli/bench/calicoctl-count.ts";
import { countByHand } from "./count.ts";
import { expect, saw, test } from "./fixtures.ts";
import { cidrOf, withPool, workloads } from "./own-pool.ts";

const layouts: readonly Layout[] = ["v3.32", "v3.33"];

test.describe("calicoctl ipam show", () => {
  test.beforeAll(async ({ product }) => {
    const name = await withPool(product, "counted");
    const [base = ""] = cidrOf(product, "counted").split("/");
    await product.reserve("counted", [`${base}/28`, `${base}/32`]);
    await product.namespace(name);
    await product.kubectl(
      "annotate",
      "--overwrite",
      "namespace",
      name,
      `cni.projectcalico.org/ipv4pools=["${name}"]`,
    );
    await workloads(product, name, 5);
  });

  test("ipam show is what the raw objects count to, to the character, in both layouts", async ({
    page,
    product,
  }) => {
    for (const layout of layouts) {
      for (const blocks of [false, true]) {
        const path = `/api/v1/ipam/show?format=text&layout=${layout}&blocks=${blocks}`;
        // Somebody else may change the cluster between two reads; it has to be right once.
        await expect(async () => {
          const expected = printShow(await countByHand(product), layout, blocks);
          expect((await product.ask(path)).text).toBe(expected);
        }).toPass({ timeout: 10_000 });
      }
    }
    await page.goto("/ipam?rows=blocks");
    const { layout } = await product.get<IpamShow>("/api/v1/ipam/show");
    const text = page.getByRole("region", { name: "IPAM show as Text" });
    await expect(text).toHaveText(printShow(await countByHand(product), layout, false));
    await page.getByRole("radio", { name: "With blocks" }).click();
    await expect(text).toHaveText(printShow(await countByHand(product), layout, true));
    saw("Layout of ipam show", `${layout} by default`);
  });

  test("ipam show as JSON and CSV holds the same figures", async ({ product }) => {
    const groups = await countByHand(product);
    const { rows } = await product.get<IpamShow>("/api/v1/ipam/show?blocks=true&layout=v3.33");
    const figures = groups.flatMap(({ pool, blocks }) => [...(pool ? [pool] : []), ...blocks]);
    expect(
      rows.map(({ cidr, total, inUse, reserved, free }) => ({ cidr, total, inUse, reserved, free })),
    ).toEqual(
      figures.map(({ cidr, total, inUse, reserved, free }) => ({
        cidr,
        total: String(total),
        inUse: String(inUse),
        reserved: String(reserved),
        free: String(free),
      })),
    );
    const { text } = await product.ask("/api/v1/ipam/show?blocks=true&format=csv");
    for (const { cidr } of figures) expect(text).toContain(cidr);
  });
});
