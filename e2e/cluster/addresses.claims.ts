import type { AddressDetail } from "../../lib/contract/addresses.ts";
import type { Namespace } from "../../lib/contract/namespaces.ts";
import type { Pod } from "../../lib/contract/pods.ts";
import type { Pool } from "../../lib/contract/pools.ts";
import { rangeOf } from "../../lib/cli/bench/calicoctl-count.ts";
import { countByHand } from "./count.ts";
import { expect, saw, test } from "./fixtures.ts";
import { cidrOf, withPool, workloads } from "./own-pool.ts";

test.describe("kinds of address space", () => {
  test("a reservation is counted apart, and its addresses are named as reserved", async ({
    page,
    product,
  }) => {
    const pool = await withPool(product, "reserved");
    const cidr = cidrOf(product, "reserved");
    const [base = ""] = cidr.split("/");
    const held = await product.reserve("held", [`${base}/29`, `${base}/32`]);
    await expect
      .poll(async () => (await product.get<Pool>(`/api/v1/pools/${pool}`)).usage)
      .toMatchObject({ capacity: "256", inUse: "0", reserved: "8", free: "248" });
    const group = (await countByHand(product)).find((each) => each.pool?.cidr === cidr);
    expect(group?.pool).toMatchObject({ total: 256n, reserved: 8n, free: 248n });
    const address = await product.get<AddressDetail>(`/api/v1/addresses/${base}`);
    expect(address).toMatchObject({ pool, reservedBy: [held] });
    await page.goto(`/pools/${pool}`);
    await expect(page.getByRole("main")).toContainText("Reserved");
    await product.kubectl("delete", product.kind("IPReservation"), held);
    await expect
      .poll(async () => (await product.get<Pool>(`/api/v1/pools/${pool}`)).usage.reserved)
      .toBe("0");
    await product.kubectl("delete", product.kind("IPPool"), pool, "--wait=false");
  });

  test("an IPv6 pool: counts past 2^53, its own block size, and no IPv4 column pretends", async ({
    page,
    product,
  }) => {
    const pool = await withPool(product, "six");
    await expect
      .poll(async () => (await product.get<Pool>(`/api/v1/pools/${pool}`)).usage.capacity)
      .toBe(String(2n ** 64n));
    const found = await product.get<Pool>(`/api/v1/pools/${pool}`);
    expect(found).toMatchObject({ family: 6, blockSize: 122, cidr: product.run.cidrs.six });
    expect(found.blocks.possible).toBe(String(2n ** 58n));
    await page.goto("/pools");
    await expect(page.getByRole("row", { name: pool })).toContainText("Allocatable");
  });

  test("pods with an address of each family: both are shown, and both pools count them", async ({
    page,
    product,
  }) => {
    test.skip(
      product.run.kubelets,
      "whether pods get IPv6 addresses is decided by the nodes' CNI configuration",
    );
    const { id } = product.run;
    const [four, six] = [await withPool(product, "four"), await withPool(product, "six")];
    const namespace = `${id}-dual`;
    await product.namespace(namespace);
    const pods = await workloads(product, namespace, 2, {
      "cni.projectcalico.org/ipFamilies": '["IPv4","IPv6"]',
      "cni.projectcalico.org/ipv4pools": JSON.stringify([four]),
      "cni.projectcalico.org/ipv6pools": JSON.stringify([six]),
    });
    const { items } = await product.get<{ items: Pod[] }>(`/api/v1/pods?namespace=${namespace}`);
    for (const { metadata, status } of pods) {
      expect(status.podIPs).toHaveLength(2);
      const pod = items.find(({ name }) => name === metadata.name);
      expect(pod?.pools).toEqual([four, six]);
      expect(pod?.ips.map((ip) => rangeOf(ip).first)).toEqual(
        status.podIPs.map(({ ip }) => rangeOf(ip).first),
      );
    }
    for (const pool of [four, six]) {
      const { usage } = await product.get<Pool>(`/api/v1/pools/${pool}`);
      expect(usage).toMatchObject({ inUse: "2", byKind: { pod: "2" } });
    }
    await page.goto(`/pods?namespace=${namespace}`);
    for (const { status } of pods)
      await expect(page.getByRole("row").filter({ hasText: status.podIP }).first()).toBeVisible();
  });

  test("a namespace selected by a pool gets it without an annotation", async ({ product }) => {
    const { id } = product.run;
    const name = `${id}-team`;
    const spec = {
      cidr: cidrOf(product, "team"),
      blockSize: 28,
      nodeSelector: "all()",
      namespaceSelector: `team == '${id}'`,
      allowedUses: ["Workload"],
    };
    await product.apply(`${name}.json`, product.pool(name, spec));
    await product.namespace(name);
    await product.kubectl("label", "namespace", name, `team=${id}`);
    const own = async () => {
      const { items } = await product.get<{ items: Namespace[] }>(`/api/v1/namespaces?q=${name}`);
      return items.find((each) => each.name === name);
    };
    await expect.poll(async () => (await own())?.source.ipv4).toBe("selector");
    expect((await own())?.pools.ipv4).toContain(name);
    saw("Namespace selectors", "known");
  });
});
