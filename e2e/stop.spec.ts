import { expect, expectAccessible, test } from "./fixtures.ts";

// In one worker, so that one cluster serves them all.
test.describe.configure({ mode: "default" });
test.use({ scenario: "not-calico", onlyLooks: true });

const addresses = [
  "/",
  "/pools",
  "/pools/default-ipv4-ippool",
  "/addresses",
  "/ipam",
  "/namespaces",
  "/pods",
  "/nodes",
  "/path",
  "/choose",
];

test("every address shows the STOP page and nothing else", async ({ page }) => {
  for (const address of addresses) {
    await test.step(address, async () => {
      await page.goto(address);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(
        "Stop: pods here do not get their addresses from Calico",
      );
      await expect(page.getByRole("main").getByText("HostLocal").first()).toBeVisible();
      await expect(page.getByRole("navigation")).toHaveCount(0);
      await expect(page.getByRole("table")).toHaveCount(0);
      await expect(page.getByText("default-ipv4-ippool")).toHaveCount(0);
    });
  }
});

test("it says what was read, where, and how to check it oneself", async ({ page }) => {
  await page.goto("/");
  const facts = page.getByRole("definition");
  await expect(facts.filter({ hasText: "HostLocal must be Calico" })).toBeVisible();
  await expect(facts.filter({ hasText: "Installation" })).toBeVisible();
  await expect(page.getByText("kubectl get installation default")).toBeVisible();
  for (const colorScheme of ["light", "dark"] as const) {
    // A change of theme that fades would be measured halfway.
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await expectAccessible(page);
  }
});

test("every data route answers 409 and the cluster route says why", async ({ request }) => {
  const cluster = await request.get("/api/v1/cluster");
  expect(await cluster.json()).toMatchObject({
    calico: { detected: false, ipam: "HostLocal", apiMode: null },
  });
  for (const route of [
    "pools",
    "pools/default-ipv4-ippool",
    "pools/default-ipv4-ippool/map",
    "blocks",
    "addresses",
    "addresses/10.244.1.2",
    "namespaces",
    "pods",
    "nodes",
    "ipam/show",
    "path?from=web/x&to=8.8.8.8",
    "search?q=web",
    "pools/default-ipv4-ippool/impact?action=disable",
  ]) {
    const answer = await request.get(`/api/v1/${route}`);
    expect(answer.status(), route).toBe(409);
    expect(await answer.json(), route).toMatchObject({ code: "not-calico-ipam" });
  }
});
