import type { Activity } from "../../lib/contract/activity.ts";
import type { Choice } from "../../lib/contract/choice.ts";
import type { Impact } from "../../lib/contract/impact.ts";
import type { Reservation } from "../../lib/contract/reservations.ts";
import { askToDisable } from "../steps.ts";
import { expect, type Product, test } from "./fixtures.ts";
import { withPool } from "./own-pool.ts";

const annotation = "cni.projectcalico.org/ipv4pools";

/** A namespace whose pods name the pool and nothing else. */
async function pinned(product: Product, name: string, pool: string): Promise<string> {
  const namespace = `${product.run.id}-${name}`;
  await product.namespace(namespace);
  await product.kubectl("annotate", "namespace", namespace, `${annotation}=["${pool}"]`, "--overwrite");
  return namespace;
}

test.describe("a change of a pool", () => {
  test("says beforehand who will fail, is taken back, and stands in the activity both times", async ({
    page,
    product,
  }) => {
    const pool = await withPool(product, "undone");
    const namespace = await pinned(product, "undone", pool);
    const disabled = () =>
      product.kubectl("get", product.kind("IPPool"), pool, "-o", "jsonpath={.spec.disabled}");
    await expect
      .poll(async () => {
        const { statements } = await product.get<Impact>(`/api/v1/pools/${pool}/impact?action=disable`);
        return statements.filter(({ kind }) => kind === "fails").map(({ subject }) => subject.name);
      })
      .toEqual([namespace]);

    const { dialog, confirm } = await askToDisable(page, pool);
    await expect(dialog).toContainText(`${namespace}names ${pool} only`);
    await confirm.click();
    await expect(dialog).toBeHidden();
    expect(await disabled()).toBe("true");
    await page.keyboard.press("u");
    await page.keyboard.press("Enter");
    await expect(page.getByText(`${pool} put back as it was`)).toBeVisible();
    expect(await disabled()).not.toBe("true");

    const { items } = await product.get<{ items: Activity[] }>(`/api/v1/activity?object=${pool}`);
    expect(items.map(({ action, result }) => `${action} ${result}`)).toEqual(["undo done", "disable done"]);
    expect(items[0]?.undoes).toBe(items[1]?.id);
    await page.goto(`/activity?q=${pool}`);
    await expect(page.getByRole("table", { name: "Activity" })).toContainText(pool);
  });
});

test.describe("the explainer of choices", () => {
  test("names the address that the next pod then gets, and steps over one that is reserved", async ({
    product,
  }) => {
    const pool = await withPool(product, "choice");
    const namespace = await pinned(product, "choice", pool);
    const [node = ""] = product.run.nodes;
    const choose = () => product.get<Choice>(`/api/v1/choose?namespace=${namespace}&node=${node}&family=4`);
    await expect.poll(async () => (await choose()).pools.find(({ eligible }) => eligible)?.name).toBe(pool);
    const { ip } = await choose();
    expect(ip).not.toBeNull();
    expect(await addressOf(product, namespace, node, "one")).toBe(ip);

    const next = await expectNext(choose, ip);
    const name = await product.reserve("choice", [`${next}/32`]);
    await expect.poll(async () => (await choose()).ip).not.toBe(next);
    const after = (await choose()).ip;
    expect(await addressOf(product, namespace, node, "two")).toBe(after);

    const reservation = await reservationNamed(product, name);
    expect(reservation).toMatchObject({ cidrs: [`${next}/32`], addresses: "1", inUse: 0, pools: [pool] });
    const { uid, resourceVersion } = reservation;
    const path = `/api/v1/reservations/${name}`;
    const stale = { method: "DELETE", body: { uid, resourceVersion: "1", confirm: name } } as const;
    expect((await product.ask(path, stale)).status).toBe(409);
    const body = { uid, resourceVersion, confirm: name };
    expect((await product.ask(path, { method: "DELETE", body })).status).toBe(200);
    const left = await product.kubectl("get", product.kind("IPReservation"), name, "--ignore-not-found");
    expect(left).toBe("");
    await product.kubectl("delete", "namespace", namespace, "--wait=false");
  });
});

/** What comes after an address that has been taken: seen once the inventory knows of it. */
async function expectNext(choose: () => Promise<Choice>, taken: string | null): Promise<string> {
  await expect.poll(async () => (await choose()).ip).not.toBe(taken);
  return (await choose()).ip ?? "";
}

async function reservationNamed(product: Product, name: string): Promise<Reservation> {
  const { items } = await product.get<{ items: Reservation[] }>(`/api/v1/reservations?q=${name}`);
  const found = items.find((each) => each.name === name);
  if (!found) throw new Error(`no reservation ${name}`);
  return found;
}

/** Binds a pod to the node and answers the address it is given. */
async function addressOf(product: Product, namespace: string, node: string, name: string): Promise<string> {
  await product.apply(`${namespace}-${name}.json`, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace },
    spec: {
      nodeName: node,
      terminationGracePeriodSeconds: 0,
      containers: [{ name: "main", image: product.run.image }],
    },
  });
  await product.kubectl("wait", "-n", namespace, `pod/${name}`, "--for=condition=Ready", "--timeout=60s");
  return product.kubectl("get", "pod", name, "-n", namespace, "-o", "jsonpath={.status.podIP}");
}
