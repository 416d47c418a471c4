import { test } from "./faulty.ts";
import { expect } from "./fixtures.ts";

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
