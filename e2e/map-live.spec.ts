import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, hasKubectl, type Page, test } from "./fixtures.ts";

/** Every canvas of the page, as a picture. */
const pictures = (page: Page) =>
  page.evaluate(() => [...document.querySelectorAll("canvas")].map((canvas) => canvas.toDataURL()));

test.describe("the map of a pool that changes", () => {
  test.skip(!hasKubectl, "kubectl is not on the PATH");
  test.use({ scenario: "tutorial-done" });

  test("is, once it has followed, to the last pixel the one that is loaded whole", async ({
    page,
    otherPage,
    cluster,
  }) => {
    const asked: string[] = [];
    page.on("request", (request) => {
      const { pathname, search } = new URL(request.url());
      if (pathname.endsWith("/external-pool/map")) asked.push(search);
    });
    await page.goto("/pools/external-pool");
    await expect(page.getByRole("application", { name: "Block map of external-pool" })).toBeVisible();
    const before = await pictures(page);
    // Four blocks that nobody has claimed, and a part of one that is.
    const file = join(cluster.folder, "reservation.json");
    const reservation = {
      apiVersion: "crd.projectcalico.org/v1",
      kind: "IPReservation",
      metadata: { name: "for-the-map" },
      spec: { reservedCIDRs: ["10.64.8.0/24", "10.64.0.96/28"] },
    };
    await writeFile(file, JSON.stringify(reservation));
    await cluster.kubectl("create", "-f", file);
    const key = page.getByRole("group", { name: /Legend/ }).getByRole("button", { name: /Partly reserved/ });
    await expect(key).toBeVisible();
    await otherPage.goto("/pools/external-pool");
    await expect(otherPage.getByRole("application", { name: "Block map of external-pool" })).toBeVisible();
    // A cell that has just changed fades; fonts come after the first picture.
    await expect
      .poll(async () => {
        const [followed, loaded] = [await pictures(page), await pictures(otherPage)];
        return followed.length > 0 && followed.every((picture, at) => picture === loaded[at]);
      })
      .toBe(true);
    expect(await pictures(page)).not.toEqual(before);
    expect(asked[0]).toBe("");
    expect(asked.slice(1).every((search) => search.startsWith("?since="))).toBe(true);
    expect(asked.length).toBeGreaterThan(1);
  });
});
