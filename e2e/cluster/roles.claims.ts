import type { Page } from "@playwright/test";
import { operatorRules, type PolicyRule, viewerRules } from "../../lib/server/roles.ts";
import { expect, type Product, test } from "./fixtures.ts";
import { withPool, workloads } from "./own-pool.ts";
import { RoleProduct } from "./role.ts";

const all = [...viewerRules, ...operatorRules];

function without(...resources: readonly string[]): readonly PolicyRule[] {
  return viewerRules
    .map((rule) => ({ ...rule, resources: rule.resources.filter((each) => !resources.includes(each)) }))
    .filter((rule) => rule.resources.length > 0);
}

/** A pool with a few pods in it, which another namespace's default pods do not touch. */
async function prepare(product: Product): Promise<string> {
  const pool = await withPool(product, "states");
  const namespace = `${product.run.id}-states`;
  await product.namespace(namespace);
  const key = "cni.projectcalico.org/ipv4pools";
  await product.kubectl("annotate", "namespace", namespace, `${key}=["${pool}"]`, "--overwrite");
  await workloads(product, namespace, 1);
  return pool;
}

const pages = ["/", "/pools", "/addresses", "/ipam", "/namespaces", "/pods", "/nodes"] as const;

test.describe("with the token of a service account", () => {
  // Each starts the product anew.
  test.describe.configure({ timeout: 120_000 });

  /** Logs in where a role's Poolboard answers, does something there, and ends it. */
  async function as(
    { page, product }: { page: Page; product: Product },
    role: string,
    rules: readonly PolicyRule[],
    look: (origin: string, pool: string) => Promise<void>,
  ): Promise<void> {
    const pool = await prepare(product);
    const own = await RoleProduct.start(product, role, rules);
    try {
      await page.goto(own.link);
      await look(new URL(own.link).origin, pool);
    } finally {
      await page.goto("about:blank");
      await own.stop();
    }
  }

  test("the viewer role reads every page, and nothing is unknown", async ({ page, product }) => {
    await as({ page, product }, "viewer", viewerRules, async (origin, pool) => {
      for (const path of [
        ...pages,
        `/pools/${pool}`,
        `/pools/${pool}?tab=holds`,
        `/pools/${pool}?tab=events`,
      ]) {
        await page.goto(`${origin}${path}`);
        const main = page.getByRole("main");
        await expect.soft(main.getByRole("heading", { level: 1 })).toBeVisible();
        await expect.soft(main).not.toContainText(/may not read|cannot be read|unknown/);
      }
      await page.goto(`${origin}/pools/${pool}`);
      await page.getByRole("button", { name: "Delete" }).click();
      await expect(page.getByRole("dialog")).toContainText("verbs: [delete]");
    });
  });

  test("the operator role may press every button", async ({ page, product }) => {
    await as({ page, product }, "operator", all, async (origin, pool) => {
      await page.goto(`${origin}/pools`);
      const toggle = page.getByRole("switch", { name: `New addresses from ${pool}` });
      await expect(toggle).toBeEnabled();
      await toggle.click();
      const dialog = page.getByRole("dialog", { name: `Disable ${pool}?` });
      await expect(dialog).toContainText("The API server accepted a dry run");
    });
  });

  for (const [role, rules, missing, looks] of [
    [
      "no-pods",
      without("pods"),
      "list pods",
      [
        ["/pods", "You may not read pods", /No pod runs/],
        ["/namespaces", "unknown", /^No namespace/],
        ["/", "Nobody can say whether a pod waits", /Every pod has its address/],
      ],
    ],
    ["no-nodes", without("nodes"), "list nodes", [["/nodes", "You may not read nodes", /has no node/]]],
    [
      "no-blocks",
      without("ipamblocks"),
      "list ipamblocks",
      [
        ["/ipam", "You may not read ipamblocks", /GROUPING/],
        ["/addresses", "You may not read ipamblocks", /No address/],
        ["/pools", "unknown", /^<?\d+ %$/],
        ["/nodes", "unknown", /No node/],
      ],
    ],
  ] as const) {
    test(`${role}: what is unknown says so, and names the permission`, async ({ page, product }) => {
      await as({ page, product }, role, rules, async (origin) => {
        for (const [path, words, never] of looks) {
          await page.goto(`${origin}${path}`);
          const main = page.getByRole("main");
          await expect.soft(main).toContainText(words);
          await expect.soft(main).toContainText(missing);
          await expect.soft(main.getByText(never)).toHaveCount(0);
        }
      });
    });
  }

  test("no Installation: Calico is found by what else there is", async ({ page, product }) => {
    await as({ page, product }, "no-installation", without("installations"), async (origin, pool) => {
      await page.goto(`${origin}/pools`);
      await expect(page.getByRole("main")).toContainText(pool);
    });
  });

  test("no workload templates: a preview says which it could not look at", async ({ page, product }) => {
    const workloadKinds = ["deployments", "statefulsets", "daemonsets", "jobs", "cronjobs"];
    const rules = [...without(...workloadKinds), ...operatorRules];
    await as({ page, product }, "no-templates", rules, async (origin, pool) => {
      await page.goto(`${origin}/pools/${pool}`);
      await page.getByRole("button", { name: "Disable pool" }).click();
      const dialog = page.getByRole("dialog", { name: `Disable ${pool}?` });
      await expect(dialog).toContainText("list deployments.apps");
      await expect(dialog).toContainText("workloads name this pool in their pod template is unknown");
    });
  });
});
