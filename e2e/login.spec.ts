import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Access, User } from "../lib/sim/api/access.ts";
import { type ApiServer, startApiServer } from "../lib/sim/api/server.ts";
import { tutorialDone } from "../lib/sim/scenarios/tutorial-done.ts";
import type { JsonObject } from "../lib/sim/store/json.ts";
import { askToDisable } from "./steps.ts";
import {
  complaintsOf,
  expect,
  expectAccessible,
  type Page,
  Program,
  temporaryFolder,
  watched,
} from "./fixtures.ts";

const group = ["system:authenticated"];
const tokens: Readonly<Record<string, User>> = {
  "token-of-poolboard": { name: "system:serviceaccount:poolboard:poolboard", groups: group },
  "token-of-jane": { name: "jane", groups: ["net", ...group] },
  "token-of-joe": { name: "joe", groups: group },
  "token-of-mia": { name: "mia", groups: group },
};

const isReading = ({ verb }: Access) => verb === "get" || verb === "list" || verb === "watch";

/** What somebody may not look at. */
const hidden: Readonly<Record<string, string>> = { joe: "pods", mia: "namespaces" };

/** The service account reads, jane does what she likes, joe and mia look at all but one kind. */
function may({ name }: User, access: Access): boolean {
  if (name === "jane") return true;
  return isReading(access) && access.resource !== hidden[name];
}

/** A cluster where people have rights of their own, and Poolboard beside it. */
class People {
  readonly url: string;
  readonly api: ApiServer;
  readonly #folder: string;
  readonly #poolboard: Program;

  private constructor(url: string, api: ApiServer, folder: string, poolboard: Program) {
    this.url = url;
    this.api = api;
    this.#folder = folder;
    this.#poolboard = poolboard;
  }

  static async start(): Promise<People> {
    const folder = await temporaryFolder();
    const api = await startApiServer({ tokens, policy: may });
    api.seed(tutorialDone({ now: Date.now(), calicoVersion: "v3.32.1" }) as Iterable<JsonObject>);
    const kubeconfig = join(folder, "kubeconfig");
    const config = {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "people", cluster: { server: api.url } }],
      users: [{ name: "poolboard", user: { token: "token-of-poolboard" } }],
      contexts: [{ name: "people", context: { cluster: "people", user: "poolboard" } }],
      "current-context": "people",
    };
    // JSON is YAML.
    await writeFile(kubeconfig, JSON.stringify(config));
    const args = [
      "--port",
      "0",
      "--kubeconfig",
      kubeconfig,
      "--auth",
      "oidc",
      "--data",
      join(folder, "data"),
    ];
    const poolboard = new Program("start.ts", args);
    return new People(await poolboard.firstLine(), api, folder, poolboard);
  }

  async stop(): Promise<void> {
    await this.#poolboard.stop();
    await this.api.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

const test = watched.extend<{ people: People; otherPage: Page }>({
  // oxlint-disable-next-line no-empty-pattern
  people: async ({}, use) => {
    const people = await People.start();
    await use(people);
    await people.stop();
  },
  baseURL: async ({ people }, use) => use(people.url),
  otherPage: async ({ browser, people }, use) => {
    const context = await browser.newContext({ baseURL: people.url });
    const complaints = complaintsOf(context);
    await use(await context.newPage());
    await context.close();
    expect(complaints, "errors in the other console").toEqual([]);
  },
});

async function logIn(page: Page, token: string): Promise<void> {
  await page.getByLabel("Token").and(page.getByRole("textbox")).fill(token);
  await page.getByRole("button", { name: "Log in" }).click();
}

test("each logs in with a token, sees what they may, and what the other does", async ({
  page,
  otherPage,
}) => {
  await test.step("without a login nothing is shown; a wrong token is refused in words", async () => {
    await page.goto("/pools");
    await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
    await expect(page.getByText("external-pool")).toHaveCount(0);
    await expectAccessible(page);
    await logIn(page, "token-of-nobody");
    await expect(page.getByText("The cluster does not accept this token.")).toBeVisible();
  });
  await test.step("whoever may not list pods reads which permission that takes", async () => {
    await logIn(page, "token-of-joe");
    await expect(page.getByRole("row", { name: "external-pool" })).toBeVisible();
    await expect(page.getByLabel("Navigation")).toContainText("joe · viewer");
    await page.goto("/pods");
    await expect(page.getByRole("main")).toContainText("You may not read pods");
    await page.goto("/pools");
    await expect(page.getByRole("row", { name: "external-pool" })).toContainText("Allocatable");
  });
  await test.step("somebody else changes a pool under her own name; it is on both screens", async () => {
    await otherPage.goto("/pools");
    await logIn(otherPage, "token-of-jane");
    await expect(otherPage.getByLabel("Navigation")).toContainText("jane · operator");
    const { dialog, confirm } = await askToDisable(otherPage, "external-pool");
    await confirm.click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole("row", { name: "external-pool" })).toContainText("Disabled");
    await otherPage.goto("/activity");
    await expect(otherPage.getByRole("main")).toContainText("jane");
  });
  await test.step("who has logged out is out, at every address", async () => {
    await page.getByRole("button", { name: "Log out" }).click();
    await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
    await page.goto("/pools/external-pool");
    await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
    await expect(page.getByText("10.64.0.0/20")).toHaveCount(0);
  });
});

test("whoever may not list namespaces is told so before a question about them is asked", async ({ page }) => {
  await page.goto("/choose");
  await logIn(page, "token-of-mia");
  const main = page.getByRole("main");
  await expect(main).toContainText("You may not read namespaces");
  await expect(main.getByRole("button", { name: "Copy the rule" })).toBeVisible();
  await expect(main).not.toContainText("Choose a namespace");
});
