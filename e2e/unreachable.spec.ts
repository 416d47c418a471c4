import { test } from "./faulty.ts";
import { expect } from "./fixtures.ts";

/** One cluster through its outage and back, so the order counts. */
test.describe.configure({ mode: "serial", timeout: 120_000 });
test.use({ faultyFromTheStart: true });

/** Every page, and something that it shows of the cluster. */
const pages = [
  ["/", "external-pool"],
  ["/pools", "external-pool"],
  ["/pools/external-pool", "9 of 4,096"],
  ["/addresses", "10.64.0.64"],
  ["/ipam", "10.64.0.0/20"],
  ["/namespaces", "external-pool"],
  ["/pods", "nginx-deployment"],
  ["/nodes", "s666dan4151"],
  ["/path?from=external-ns/gone&to=8.8.8.8", "There is no pod"],
] as const;

test.describe("a cluster that has never answered", () => {
  test("every page says so, and that it goes on trying", async ({ page }) => {
    for (const [path] of pages) {
      await test.step(path, async () => {
        await page.goto(path);
        await expect.soft(page.getByRole("main").getByRole("alert")).toContainText("cannot be reached");
        await expect.soft(page.getByRole("main")).toContainText("It asks again every 5 s.");
        await expect.soft(page.getByRole("cell")).toHaveCount(0);
      });
    }
  });
});

test.describe("a cluster that is still being read", () => {
  test.beforeAll(async ({ faulty }) => {
    faulty.api.faults.add({ kind: "half-open", verb: "list", resource: "ippools" });
    await faulty.api.acceptConnections();
  });

  test("every page says what is being read", async ({ page }) => {
    for (const [path] of pages) {
      await test.step(path, async () => {
        await page.goto(path);
        await expect.soft(page.getByRole("main").getByRole("status")).toContainText("Reading IP pools");
        await expect.soft(page.getByRole("cell")).toHaveCount(0);
      });
    }
  });

  test("what was waited for comes by itself", async ({ page, faulty }) => {
    await page.goto("/pools");
    faulty.api.faults.clear();
    await faulty.api.refuseConnections();
    await faulty.api.acceptConnections();
    await expect(page.getByRole("row", { name: "external-pool" })).toContainText("9 of 4,096");
  });
});

test.describe("a cluster that stops answering", () => {
  test.beforeAll(({ faulty }) => faulty.api.refuseConnections());

  test("every page keeps what it knows, with its age", async ({ page }) => {
    for (const [path, known] of pages) {
      await test.step(path, async () => {
        await page.goto(path);
        await expect.soft(page.getByRole("main")).toContainText(known);
        await expect.soft(page.getByRole("banner")).toContainText(/\d+ \w+ old, reconnecting/);
      });
    }
  });

  test("what was never read says what failed and offers to try again", async ({ page }) => {
    await page.goto("/pools/external-pool?tab=yaml");
    const alert = page.getByRole("main").getByRole("alert");
    await expect(alert).toContainText("The API server did not answer");
    await expect(alert.getByRole("button", { name: "Retry now" })).toBeVisible();
  });

  test("nothing can be changed, until it answers again", async ({ page, faulty }) => {
    await page.goto("/pools");
    const toggle = page.getByRole("switch", { name: "New addresses from external-pool" });
    await expect(toggle).toBeDisabled();
    await faulty.api.acceptConnections();
    await expect(toggle).toBeEnabled({ timeout: 15_000 });
    await expect(page.getByRole("banner")).toContainText("Live");
  });
});
