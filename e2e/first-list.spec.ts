import { test } from "./faulty.ts";
import { expect } from "./fixtures.ts";

/** 3,000 pods in pages of 500, each of which takes its time. */
test.use({
  faultyScenario: "large",
  faultyNodes: 100,
  faultyFaults: [{ kind: "delay", verb: "list", resource: "pods", milliseconds: 2_500 }],
});

test("while the pods are read for the first time, pages say how far that is, and the rest is there", async ({
  page,
  faulty,
}) => {
  const main = page.getByRole("main");
  const progress = main.getByRole("status").filter({ hasText: "Reading pods" });
  await page.goto("/pools");
  await expect(main.getByRole("row", { name: /10\.64\./ }).first()).toBeVisible();

  await page.goto("/pods");
  await expect(progress).toContainText("(500 of about 3,000)", { timeout: 15_000 });
  await expect(progress).toContainText(/\(1,\d00 of about 3,000\)/);
  await expect(main.getByRole("alert")).toHaveCount(0);
  await page.goto("/namespaces");
  await expect(progress).toContainText(/\([12],\d00 of about 3,000\)/);
  await expect(main.getByRole("row", { name: /default|ns-/ }).first()).toBeVisible();

  faulty.api.faults.clear();
  await expect(progress).toHaveCount(0, { timeout: 15_000 });
  await page.goto("/pods");
  await expect(main.getByText("3,000")).toBeVisible();
  await expect(main.getByRole("row").nth(5)).toBeVisible();
});
