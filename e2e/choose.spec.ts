import { expect, hasKubectl, test } from "./fixtures.ts";

test.describe("before a pod is made", () => {
  test.use({ scenario: "tutorial-done" });
  test.skip(!hasKubectl, "kubectl is not on the PATH");

  test("an admin asks which address it will get, and it gets that one", async ({ page, cluster }) => {
    await page.goto("/choose");
    await page.getByRole("combobox", { name: "Namespace" }).fill("external-ns");
    await page.getByRole("option", { name: "external-ns" }).click();
    await page.getByRole("combobox", { name: "Node" }).fill("s666dan4152");
    await page.getByRole("option", { name: "s666dan4152" }).click();
    await expect(page).toHaveURL(/namespace=external-ns&node=s666dan4152/);
    const answer = page.getByRole("heading", { name: "The next pod of external-ns on s666dan4152 gets" });
    await expect(answer).toContainText("from external-pool");
    await expect(page.getByRole("main")).toContainText("s666dan4152 holds 10.64.");
    await expect(page.getByRole("row", { name: "internal-pool" })).toContainText(
      "Other pools are asked for by name",
    );
    const said = (await answer.getByRole("link").first().textContent()) ?? "";
    const overrides = JSON.stringify({ spec: { nodeName: "s666dan4152" } });
    await cluster.kubectl("run", "asked", "--image=nginx", "-n", "external-ns", `--overrides=${overrides}`);
    await cluster.kubectl("wait", "pod/asked", "-n", "external-ns", "--for=condition=Ready", "--timeout=20s");
    expect(
      await cluster.kubectl("get", "pod", "asked", "-n", "external-ns", "-o", "jsonpath={.status.podIP}"),
    ).toBe(said);
    await test.step("and the page, which is live, names the one after it", async () => {
      await expect(answer.getByRole("link").first()).not.toHaveText(said);
    });
    await test.step("a pod's own annotation wins", async () => {
      const own = page.getByRole("textbox", { name: "The pod's own annotation ipv4pools" });
      await own.fill('["internal-pool"]');
      await own.press("Enter");
      await expect(answer).toContainText("from internal-pool");
      await own.fill("internal-pool");
      await own.press("Enter");
      await expect(page.getByRole("heading", { name: "gets no address" })).toBeVisible();
      await expect(page.getByRole("main")).toContainText(
        "invalid character 'i' looking for beginning of value",
      );
    });
  });
});

test.describe("a pod that fails", () => {
  test.use({ scenario: "busy", onlyLooks: true });

  test("leads to the pools that it may not use, and why", async ({ page }) => {
    await page.goto("/pods?namespace=mainframe-gw");
    const card = page.getByRole("region", { name: "bridge-canary cannot get an address" });
    await card.getByRole("link", { name: "Explain the choice" }).click();
    await expect(page.getByRole("heading", { name: "The next pod of mainframe-gw" })).toContainText(
      "gets no address",
    );
    const main = page.getByRole("main");
    await expect(main).toContainText("the given pool (10.48.0.0/18) does not exist, or is not enabled");
    await expect(main.getByRole("row", { name: "10.48.0.0/18" })).toContainText("It is disabled.");
    await expect(main.getByRole("row", { name: "10.48.0.0/18" })).toContainText("No");
  });
});
