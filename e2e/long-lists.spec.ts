import { test } from "./faulty.ts";
import { expect, type Locator } from "./fixtures.ts";

/** 3,000 pods: fifteen windows. */
test.use({ faultyScenario: "large", faultyNodes: 100, faultyFaults: [] });

test("a long list is scrolled from end to end, and only what is shown is asked for", async ({
  page,
  faulty: _faulty,
}) => {
  const asked: string[] = [];
  page.on("request", (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname === "/api/v1/pods" && searchParams.get("limit") === "200" && !searchParams.has("state"))
      asked.push(searchParams.get("offset") ?? "");
  });
  const main = page.getByRole("main");
  const row = (name: RegExp) => main.getByRole("row", { name });
  await page.goto("/pods");
  await expect(main.getByText("3,000")).toBeVisible({ timeout: 15_000 });
  await expect(row(/app-0000-/).first()).toBeVisible();

  // The scrollbar leads anywhere at once.
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight / 2));
  await expect(row(/app-00(49|50)-/).first()).toBeVisible();
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  await expect(row(/app-0099-/).last()).toBeInViewport();
  await page.evaluate(() => window.scrollTo(0, 0));
  await expect(row(/app-0000-/).first()).toBeInViewport();
  expect(asked.length).toBeLessThan(8);

  // So does the keyboard, and the row that was reached has the focus.
  await main.getByRole("row").nth(1).focus();
  await page.keyboard.press("End");
  await expect(page.locator(":focus")).toHaveText(/app-0099-/);
  await page.keyboard.press("Home");
  await expect(page.locator(":focus")).toHaveText(/app-0000-/);

  // Another filter begins at its first row, and the list before is still there.
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight / 2));
  await expect(row(/app-00(49|50)-/).first()).toBeVisible();
  const filter = main.getByRole("searchbox");
  await filter.fill("app-0017");
  await expect(row(/app-0017-/)).toHaveCount(30);
  await expect(row(/app-0049-/)).toHaveCount(0);
  asked.length = 0;
  await filter.fill("");
  await expect(row(/app-0000-/).first()).toBeInViewport();
  expect(asked.length).toBeLessThan(2);
});

/** Makes, or takes away, so many pods whose names come before all others, at once. */
async function changePods(url: string, method: "POST" | "DELETE", count: number): Promise<void> {
  const pods = `${url}/api/v1/namespaces/default/pods`;
  const answers = await Promise.all(
    Array.from({ length: count }, (_unused, at) => {
      const name = `aaa-${String(at).padStart(3, "0")}`;
      if (method === "DELETE") return fetch(`${pods}/${name}?gracePeriodSeconds=0`, { method });
      const spec = { containers: [{ name: "app", image: "app" }] };
      const body = JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata: { name }, spec });
      return fetch(pods, { method, body, headers: { "Content-Type": "application/json" } });
    }),
  );
  expect(new Set(answers.map(({ ok }) => ok))).toEqual(new Set([true]));
}

/** The name that a row shows, and how far down the window it stands. */
async function lookAt(row: Locator): Promise<{ name: string; top: number }> {
  const { top } = await row.evaluate((element) => element.getBoundingClientRect());
  return { name: (await row.getByRole("cell").first().textContent()) ?? "", top: Math.round(top) };
}

for (const [sort, place] of [
  ["name", "its name comes first"],
  ["-createdAt", "it is the newest"],
] as const) {
  test(`whatever comes before it (${place}), the row that is looked at stays where it is`, async ({
    page,
    faulty,
  }) => {
    const main = page.getByRole("main");
    await page.goto(`/pods?sort=${sort}`);
    await expect(main.getByText("3,000")).toBeVisible({ timeout: 15_000 });

    await test.step("in the midst of the list, with the focus", async () => {
      const row = main.getByRole("row", { name: /app-00/ }).nth(20);
      await expect(async () => {
        // The page is as long as the list once what draws long tables is here.
        await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight / 3));
        await expect(row).toHaveAttribute("aria-rowindex", /^(9|1\d)\d\d$/, { timeout: 500 });
      }).toPass();
      await expect(row).toBeInViewport();
      await row.focus();
      const focused = page.locator(":focus");
      const before = await lookAt(focused);
      await changePods(faulty.api.url, "POST", 150);
      await expect(main.getByText("3,150")).toBeVisible();
      expect(await lookAt(focused)).toEqual(before);
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowUp");
      expect(await lookAt(focused)).toEqual(before);
      await changePods(faulty.api.url, "DELETE", 150);
      await expect(main.getByText("3,000")).toBeVisible();
      expect(await lookAt(focused)).toEqual(before);
    });

    await test.step("at the top, under the mouse, until one wants to see what has come", async () => {
      await page.evaluate(() => window.scrollTo(0, 0));
      const third = main.getByRole("row", { name: /app-00/ }).nth(2);
      await third.hover();
      const { name, top } = await lookAt(third);
      await changePods(faulty.api.url, "POST", 7);
      const above = main.getByRole("button", { name: "Show 7 more above" });
      await expect(above).toBeVisible();
      expect(await lookAt(main.getByRole("row", { name }))).toEqual({ name, top });
      await above.click();
      await expect(main.getByRole("row", { name: /aaa-00/ }).first()).toBeFocused();
      await expect(above).toBeHidden();
      await changePods(faulty.api.url, "DELETE", 7);
      await expect(main.getByRole("row", { name: /aaa-00/ })).toHaveCount(0);
    });
  });
}

test("keys that come faster than rows are not lost, and the row that has the focus is in sight", async ({
  page,
  faulty: _faulty,
}) => {
  const main = page.getByRole("main");
  await page.goto("/pods");
  await expect(main.getByText("3,000")).toBeVisible({ timeout: 15_000 });
  await main.getByRole("row").nth(1).focus();
  for (let pressed = 0; pressed < 30; pressed++) await page.keyboard.press("PageDown");
  // Thirty pods a node: the three hundredth after the first.
  await expect(page.locator("tr:focus")).toHaveAttribute("aria-rowindex", "302");
  await expect(page.locator("tr:focus")).toHaveText(/app-0010-/);
  for (let pressed = 0; pressed < 5; pressed++) await page.keyboard.press("PageUp");
  await expect(page.locator("tr:focus")).toHaveAttribute("aria-rowindex", "252");
  // Not under the bar.
  const { top } = await lookAt(page.locator("tr:focus"));
  expect(top).toBeGreaterThanOrEqual(80);

  // Somebody who scrolls away with the mouse has not left the row.
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  await expect(main.getByRole("row", { name: /app-0099-/ }).last()).toBeInViewport();
  await page.keyboard.press("ArrowDown");
  await expect(page.locator("tr:focus")).toHaveAttribute("aria-rowindex", "253");
  await expect(page.locator("tr:focus")).toBeInViewport();
});
