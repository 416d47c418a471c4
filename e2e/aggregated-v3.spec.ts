import { test } from "./faulty.ts";
import { expect } from "./fixtures.ts";
import { askToDisable } from "./steps.ts";

test.use({ faultyScenario: "aggregated-v3" });

test("while Calico's API server is down pools are shown with their age, and afterwards all is live again", async ({
  page,
  faulty,
}) => {
  const age = page.getByRole("banner").getByText(/\bold\b/);
  await page.goto("/pools");
  await expect(page.getByText("projectcalico.org/v3, aggregated")).toBeVisible();
  await expect(age).toHaveText(/^Live/);
  const { dialog, confirm } = await askToDisable(page, "external-pool");
  await confirm.click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("row", { name: "external-pool" })).toContainText("Draining");

  faulty.api.faults.aggregatedDown = true;
  await expect(age).toHaveText(/^\d+ \w+ old, reconnecting$/);
  await expect(page.getByRole("row", { name: "external-pool" })).toContainText("Draining");
  await expect(page.getByRole("switch", { name: "New addresses from external-pool" })).toBeDisabled();

  faulty.api.faults.aggregatedDown = false;
  await expect(age).toHaveText(/^Live/, { timeout: 15_000 });
  await page.getByRole("switch", { name: "New addresses from external-pool" }).click();
  await expect(page.getByRole("row", { name: "external-pool" })).toContainText("Allocatable");
});
