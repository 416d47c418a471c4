import { request as httpRequest } from "node:http";
import { expect, hasKubectl, test } from "./fixtures.ts";
import { pasteYaml, poolDocument } from "./steps.ts";

/** A manifest, what is said about it, and at which field; null where the text as a whole is wrong. */
const manifests: readonly {
  readonly what: string;
  readonly text: string;
  readonly field: string | null;
  readonly message: string;
}[] = [
  { what: "text that is not YAML", text: "spec: [v3\n", field: null, message: "not YAML" },
  { what: "YAML that is no object", text: "hello\n", field: null, message: "is not an object" },
  {
    what: "a pool that overlaps another",
    text: poolDocument("bad-pool", { cidr: "10.255.16.0/20" }),
    field: "spec.cidr",
    message: "CIDR overlaps with IPPool(default-ipv4-ippool) CIDR 10.255.0.0/16",
  },
  {
    what: "a CIDR with host bits",
    text: poolDocument("bad-pool", { cidr: "10.64.0.1/20" }),
    field: "spec.cidr",
    message: "not strictly masked",
  },
  {
    what: "block size 33",
    text: poolDocument("bad-pool", { cidr: "10.64.0.0/20", blockSize: 33 }),
    field: "spec.blockSize",
    message: "IPv4 block size must be between 20 and 32",
  },
  {
    what: "both encapsulations",
    text: poolDocument("bad-pool", { cidr: "10.64.0.0/20", ipipMode: "Always", vxlanMode: "Always" }),
    field: "spec.vxlanMode",
    message: "Cannot enable both VXLAN and IPIP on the same IPPool",
  },
  {
    what: "IPIP on IPv6",
    text: poolDocument("bad-pool", { cidr: "fd00:64::/64", blockSize: 122, ipipMode: "Always" }),
    field: "spec.ipipMode",
    message: "IPIP is not supported on an IPv6 IP pool",
  },
  {
    what: "an unknown field",
    text: poolDocument("bad-pool", { cidr: "10.64.0.0/20", colour: "red" }),
    field: "spec.colour",
    message: "is not a field of an IPPool",
  },
  {
    what: "a number that YAML readers read differently",
    text: poolDocument("bad-pool", { cidr: "10.64.0.0/20", blockSize: "026" }),
    field: "spec.blockSize",
    message: "026 means different things",
  },
  {
    what: "an alias",
    text: `${poolDocument("&name bad-pool", { cidr: "10.64.0.0/20" })}  nodeSelector: *name\n`,
    field: "spec.nodeSelector",
    message: "uses an alias",
  },
  {
    what: "a name that climbs",
    text: poolDocument("'..'", { cidr: "10.64.0.0/20" }),
    field: "metadata.name",
    message: "must consist of lower case alphanumeric characters",
  },
];

test.use({ scenario: "tutorial", onlyLooks: true });

test.describe("nothing is written from bad input, and the field is named", () => {
  test.skip(!hasKubectl, "kubectl is not on the PATH");

  let stored: string;
  const pools = "jsonpath={range .items[*]}{.metadata.name} {.metadata.resourceVersion}{end}";
  test.beforeEach(async ({ cluster }) => {
    stored = await cluster.kubectl("get", "ippools.crd.projectcalico.org", "-o", pools);
  });
  test.afterEach(async ({ cluster }) => {
    expect(await cluster.kubectl("get", "ippools.crd.projectcalico.org", "-o", pools)).toBe(stored);
  });

  for (const { what, text, field, message } of manifests) {
    test(`by YAML: ${what}`, async ({ page, request, cluster }) => {
      const dialog = await pasteYaml(page, text);
      await expect(dialog.getByText(message)).toBeVisible();
      if (field !== null) await expect(dialog.getByText(field, { exact: true })).toBeVisible();
      await expect(dialog.getByRole("button", { name: "Create pool" })).toBeDisabled();

      // The dialog does not send it; whoever does is refused all the same.
      const headers = { origin: cluster.url, "x-requested-by": "poolboard" };
      const answer = await request.post("/api/v1/pools", { headers, data: { manifest: text } });
      const body = await answer.text();
      expect(body).toContain(JSON.stringify(message).slice(1, -1));
      expect(body).not.toContain('"created"');
    });
  }

  test("by YAML: two documents, one bad: neither is offered, each has its verdict", async ({ page }) => {
    const good = poolDocument("good-pool", { cidr: "10.64.0.0/20" });
    const bad = poolDocument("bad-pool", { cidr: "10.64.16.1/20" });
    const dialog = await pasteYaml(page, `${good}---\n${bad}`);
    const verdicts = dialog.getByRole("list", { name: "Documents" }).getByRole("listitem");
    await expect(verdicts).toHaveText([
      /^good-poolValid/,
      /^bad-poolRefusedspec\.cidr .*not strictly masked/,
    ]);
    await expect(dialog.getByRole("button", { name: "Create 2 pools" })).toBeDisabled();
  });

  for (const [what, fill, message] of [
    ["an overlapping pool", { CIDR: "10.255.16.0/20" }, "CIDR overlaps with IPPool(default-ipv4-ippool)"],
    ["a CIDR with host bits", { CIDR: "10.64.0.1/20" }, "not strictly masked"],
    ["no CIDR", { CIDR: "10.64" }, "must be a valid subnet"],
    ["block size 33", { CIDR: "10.64.0.0/20", "Block size": "33" }, "between 20 and 32"],
    ["block size 026", { CIDR: "10.64.0.0/20", "Block size": "026" }, "The block size is a whole number"],
    ["a broken selector", { CIDR: "10.64.0.0/20", Nodes: "has(" }, "Is not a Calico selector"],
    ["a name that climbs", { CIDR: "10.64.0.0/20", Name: "../x" }, "lower case alphanumeric"],
  ] as const) {
    test(`by form: ${what}`, async ({ page }) => {
      await page.goto("/pools?new=form");
      const dialog = page.getByRole("dialog", { name: "New pool" });
      await dialog.getByLabel("Name", { exact: true }).fill("bad-pool");
      for (const [label, value] of Object.entries(fill))
        await dialog.getByLabel(label, { exact: true }).fill(value);
      const [wrong = ""] = Object.keys(fill).slice(-1);
      await expect(dialog.getByLabel(wrong, { exact: true })).toHaveAccessibleDescription(
        new RegExp(escape(message)),
      );
      await expect(dialog.getByLabel(wrong, { exact: true })).toHaveAttribute("aria-invalid", "true");
      await expect(dialog.getByRole("button", { name: "Create pool" })).toBeDisabled();
    });
  }

  test("by form: IPIP on IPv6; both encapsulations cannot even be asked for", async ({ page }) => {
    await page.goto("/pools?new=form");
    const dialog = page.getByRole("dialog", { name: "New pool" });
    await dialog.getByLabel("Name", { exact: true }).fill("bad-pool");
    await dialog.getByLabel("CIDR", { exact: true }).fill("fd00:64::/64");
    const encapsulation = dialog.getByRole("combobox", { name: "Encapsulation" });
    await encapsulation.selectOption("IPIP");
    await expect(encapsulation).toHaveAccessibleDescription(/IPIP is not supported on an IPv6 IP pool/);
    await expect(dialog.getByRole("button", { name: "Create pool" })).toBeDisabled();
  });

  test("by URL: the API knows no such name", async ({ cluster }) => {
    for (const path of ["..", "%2e%2e", "%2e%2e%2fnamespaces", "%252e%252e", "a%2fb", "%00", "UPPER"]) {
      const { status, body } = await rawGet(cluster.url, `/api/v1/pools/${path}`);
      expect.soft(status, path).toBe(400);
      expect.soft(JSON.parse(body), path).toMatchObject({ code: "invalid-name" });
    }
  });

  test("by URL: the page says that there is none", async ({ page }) => {
    for (const path of ["%252e%252e", "UPPER", "%3Cimg%20src=x%20onerror=alert(1)%3E"]) {
      await test.step(path, async () => {
        await page.goto(`/pools/${path}`);
        await expect.soft(page.getByRole("main")).toContainText(/Not the name of an object|No such pool/);
      });
    }
  });
});

test.describe("a namespace whose annotation is not JSON", () => {
  test.skip(!hasKubectl, "kubectl is not on the PATH");
  test.use({ onlyLooks: false });

  test("is flagged, keeps its text, and is put right by choosing pools", async ({ page, cluster }) => {
    await cluster.kubectl("create", "namespace", "payments");
    const annotation = "cni.projectcalico.org/ipv4pools";
    await cluster.kubectl("annotate", "namespace", "payments", `${annotation}=default-ipv4-ippool`);
    await page.goto("/namespaces?problem=true");
    const row = page.getByRole("row", { name: "payments" });
    await expect(row).toContainText("The annotation is not a JSON list of texts");
    const read = () =>
      cluster.kubectl("get", "namespace", "payments", "-o", "jsonpath={.metadata.annotations}");
    expect(JSON.parse(await read())).toEqual({ [annotation]: "default-ipv4-ippool" });

    await row.getByRole("button", { name: "Choose pools for payments" }).click();
    const dialog = page.getByRole("dialog", { name: "Pools for new pods in payments" });
    await dialog.getByRole("combobox", { name: "Add an IPv4 pool" }).click();
    await page.getByRole("option", { name: "default-ipv4-ippool" }).click();
    await dialog.getByRole("button", { name: "Save annotation" }).click();
    await expect(dialog).toBeHidden();
    expect(JSON.parse(await read())).toEqual({ [annotation]: '["default-ipv4-ippool"]' });
  });
});

/** GET of exactly this path: a browser, and Playwright's own client, resolve the dots before sending it. */
function rawGet(origin: string, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    const sent = httpRequest({ hostname, port, path }, (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => (body += chunk.toString()));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on("error", reject).end();
  });
}

function escape(text: string): string {
  return text.replaceAll(/[()]/g, "\\$&");
}
