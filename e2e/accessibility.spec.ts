import { expect, expectAccessible, type Page, test } from "./fixtures.ts";

// Lists are narrowed to some rows: what axe finds on one it finds on all, and it takes its time for each.
test.use({ scenario: "busy", onlyLooks: true });

/** Each page, and a text that says that it has its data. */
const pages: readonly (readonly [path: string, ready: string])[] = [
  ["/", "external-pool"],
  ["/pools", "external-pool"],
  ["/pools/external-pool", "of 64"],
  ["/pools/external-pool?tab=addresses&state=cooling", "10.64."],
  ["/pools/external-pool?tab=settings", "Edit settings"],
  ["/pools/external-pool?tab=yaml", "apiVersion"],
  ["/pools/external-pool?tab=events", "events"],
  ["/pools/external-pool?tab=holds", "namespaces"],
  ["/addresses?pool=edge-lb", "10.70.8."],
  ["/ipam", "GROUPING"],
  ["/ipam?format=table", "external-pool"],
  ["/namespaces?pool=external-pool", "external-pool"],
  ["/pods?q=gateway", "gateway"],
  ["/pods?group=block&q=gateway", "addresses in use here"],
  ["/nodes", "Ready"],
  ["/path", "Choose a pod"],
  ["/choose?namespace=mainframe-gw&node=s666dan43-02", "in Calico's order"],
];

for (const [path, ready] of pages) {
  test(`axe finds nothing on ${path}`, async ({ page }) => {
    await page.goto(path);
    const main = page.getByRole("main");
    await expect(main).toContainText(ready);
    await expect(main.getByRole("status").filter({ hasText: /^(Loading|Reading|Counting)/ })).toHaveCount(0);
    await expectAccessibleInEveryLook(page);
  });
}

/** What floats above a page: where, and what opens it. */
const floating: readonly (readonly [what: string, path: string, open: (page: Page) => Promise<void>])[] = [
  [
    "the question before a pool is disabled",
    "/pools",
    (page) => page.getByRole("switch", { name: "New addresses from gpu-pool" }).click(),
  ],
  [
    "where a pool of the operator is changed",
    "/pools",
    async (page) => {
      await page.getByRole("button", { name: "Why default-ipv4-ippool cannot be switched here" }).click();
      await expect(page.getByRole("region", { name: "Patch of the Installation" })).toBeVisible();
    },
  ],
  [
    "a manifest with errors",
    "/pools?new=yaml",
    (page) => page.getByRole("textbox", { name: "YAML" }).fill("spec: ["),
  ],
  [
    "a form with errors",
    "/pools?new=form",
    (page) => page.getByLabel("CIDR", { exact: true }).fill("10.64.0.1/20"),
  ],
  [
    "the settings of a pool",
    "/pools/external-pool?tab=settings",
    (page) => page.getByRole("button", { name: "Edit settings" }).click(),
  ],
  [
    "the question before a pool is deleted",
    "/pools/gpu-pool",
    (page) => page.getByRole("button", { name: "Delete" }).click(),
  ],
  [
    "the drawer of a block",
    "/pools/external-pool",
    (page) => page.getByRole("table", { name: "Blocks" }).getByRole("row").nth(1).press("Enter"),
  ],
  [
    "the card of an address",
    "/addresses?pool=edge-lb&state=used",
    (page) => page.getByRole("table", { name: "Addresses" }).getByRole("row").nth(1).press("Enter"),
  ],
  [
    "the pools of a namespace",
    "/namespaces?pool=external-pool",
    (page) =>
      page
        .getByRole("button", { name: /^Choose pools for/ })
        .first()
        .click(),
  ],
  ["the keys", "/", (page) => page.keyboard.press("?")],
  [
    "the palette",
    "/",
    async (page) => {
      await page.keyboard.press("/");
      await page.getByRole("textbox", { name: /^Search pools/ }).fill("10.64.");
      await expect(page.getByRole("dialog").getByRole("button").first()).toBeVisible();
    },
  ],
];

for (const [what, path, open] of floating) {
  test(`axe finds nothing on ${what}`, async ({ page }) => {
    await page.goto(path);
    await expect(page.getByRole("main")).toContainText(/\w/);
    await open(page);
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectAccessibleWide(page);
  });
}

/** Both themes wide; on a phone the light one, since the themes differ in their colours and in nothing else. */
async function expectAccessibleInEveryLook(page: Page): Promise<void> {
  await expectAccessibleWide(page);
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await page.setViewportSize({ width: 390, height: 900 });
  await test.step("light, 390 px", () => expectAccessible(page));
}

async function expectAccessibleWide(page: Page): Promise<void> {
  for (const [colorScheme, rules] of [
    ["light", undefined],
    ["dark", ["color-contrast"]],
  ] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await test.step(`${colorScheme}, 1440 px`, () => expectAccessible(page, rules && [...rules]));
  }
}
