import { expect, type Locator, test } from "./fixtures.ts";

test.use({ scenario: "tunnels-in-pool" });

/** One line of the dialog's facts, by its whole text. */
const fact = (dialog: Locator, text: RegExp) => dialog.getByRole("listitem").filter({ hasText: text });

test("disabling a pool says where each tunnel address goes and what the lost ones cost, and so it happens", async ({
  page,
}) => {
  await test.step("IPIP: asked, and left", async () => {
    await page.goto("/pools");
    await page.getByRole("switch", { name: "New addresses from overlay-ipip" }).click();
    const dialog = page.getByRole("dialog", { name: "Disable overlay-ipip?" });
    for (const text of [
      /^tun-02.*10\.60\.21\.128.*spare-ipip \(10\.60\.39\.192\) · its IPIP tunnel address$/,
      /^tun-01.*10\.60\.18\.64.*overlay \(10\.60\.2\.65\) · its WireGuard tunnel address$/,
      /^tun-01.*10\.60\.18\.65.*goes.*tunl0 has no source address: traffic of the node itself/,
    ])
      await expect(fact(dialog, text)).toBeVisible();
    await expect(dialog.getByRole("textbox", { name: "Type overlay-ipip to confirm" })).toBeVisible();
    await dialog.getByRole("button", { name: "Cancel" }).click();
  });

  await test.step("VXLAN: asked, and done", async () => {
    await page.getByRole("switch", { name: "New addresses from overlay", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Disable overlay?" });
    await expect(dialog).toContainText("2tunnel addresses that move");
    await expect(dialog).toContainText("3tunnel addresses that go away");
    for (const text of [
      /^tun-02.*10\.60\.5\.129.*spare-vxlan \(10\.60\.35\.192\) · its VXLAN tunnel address$/,
      /^tun-02.*10\.60\.5\.128.*overlay-ipip \(10\.60\.21\.132\) · its WireGuard tunnel address$/,
      /^tun-01.*10\.60\.2\.64$/,
      /^tun-03.*10\.60\.12\.128.*goes.*wireguard\.cali has no source address/,
      /^tun-03.*10\.60\.12\.129$/,
      /its VXLAN tunnel address stays in spare-vxlan: none is ever moved back$/,
    ])
      await expect(fact(dialog, text)).toBeVisible();
    // Said once for both.
    await expect(dialog).toContainText(
      "Its VXLAN tunnel address goes and no enabled pool gives another: its VTEP is withdrawn, and traffic between its pods and other nodes is lost.",
    );
    await expect(dialog).toContainText("no automatic IPv4 pool is left for its pods");
    await expect(dialog).toContainText("6 addresses in use stay with their holders");

    const confirm = dialog.getByRole("button", { name: "Disable overlay" });
    await expect(dialog.getByText("The API server accepted a dry run")).toBeVisible();
    await expect(confirm).toBeDisabled();
    await dialog.getByRole("textbox", { name: "Type overlay to confirm" }).fill("overlay");
    await confirm.click();
    await expect(dialog).toBeHidden();
  });

  await test.step("the tables show what was foretold", async () => {
    await page.goto("/addresses?kind=tunnel&state=used");
    const table = page.getByRole("table", { name: "Addresses" });
    for (const [ip, node, pool] of [
      ["10.60.35.192", "tun-02", "spare-vxlan"],
      ["10.60.21.132", "tun-02", "overlay-ipip"],
      ["10.60.21.128", "tun-02", "overlay-ipip"],
      ["10.60.18.64", "tun-01", "overlay-ipip"],
      ["10.60.18.65", "tun-01", "overlay-ipip"],
    ] as const) {
      const row = table.getByRole("row", { name: ip });
      await expect(row).toContainText(node);
      await expect(row).toContainText(pool);
    }
    // The head and those five: tun-03 has none any more.
    await expect(table.getByRole("row")).toHaveCount(6);
  });
});
