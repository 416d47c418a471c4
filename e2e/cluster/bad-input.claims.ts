import type { PoolCreateResults } from "../../lib/contract/pools.ts";
import { runLabel } from "../../lib/cli/test-cluster/run.ts";
import { pasteYaml, poolDocument } from "../steps.ts";
import { expect, type Product, saw, test } from "./fixtures.ts";
import { cidrOf, withPool } from "./own-pool.ts";

/** A pool that Calico must not be given, and the field that is wrong. */
const wrong: readonly {
  readonly what: string;
  readonly spec: (free: string, six: string) => Record<string, string | number>;
  readonly field: string;
  readonly message: RegExp;
}[] = [
  {
    what: "a CIDR with host bits",
    spec: (free) => ({ cidr: free.replace(".0/", ".1/") }),
    field: "spec.cidr",
    message: /strictly masked/,
  },
  {
    what: "a block size that no block may have",
    spec: (free) => ({ cidr: free, blockSize: 33 }),
    field: "spec.blockSize",
    message: /between 20 and 32/,
  },
  {
    what: "both encapsulations",
    spec: (free) => ({ cidr: free, ipipMode: "Always", vxlanMode: "Always" }),
    field: "spec.vxlanMode",
    message: /both/,
  },
  {
    what: "IPIP on IPv6",
    spec: (_, six) => ({ cidr: six, blockSize: 122, ipipMode: "Always" }),
    field: "spec.ipipMode",
    message: /IPIP is not supported on/,
  },
  {
    what: "a mode that there is not",
    spec: (free) => ({ cidr: free, vxlanMode: "Sometimes" }),
    field: "spec.vxlanMode",
    message: /Never/,
  },
  {
    what: "a selector that does not parse",
    spec: (free) => ({ cidr: free, nodeSelector: '"has("' }),
    field: "spec.nodeSelector",
    message: /selector/i,
  },
];

test.describe("a pool that is wrong is refused with its field named, and nothing is written", () => {
  for (const { what, spec, field, message } of wrong) {
    test(what, async ({ page, product }) => {
      const [free, six] = [cidrOf(product, "wrong"), cidrOf(product, "six")];
      const name = `${product.run.id}-wrong`;
      const text = poolDocument(name, spec(free, six));
      const dialog = await pasteYaml(page, text);
      await expect(dialog.getByText(message).first()).toBeVisible();
      await expect(dialog.getByText(field, { exact: true }).first()).toBeVisible();
      await expect(dialog.getByRole("button", { name: "Create pool" })).toBeDisabled();
      const answer = await product.ask("/api/v1/pools", { method: "POST", body: { manifest: text } });
      expect(fieldsOf(answer.text)).toContain(field);
      expect(await exists(product, name)).toBe(false);
    });
  }

  test("a pool that overlaps another", async ({ page, product }) => {
    const other = await withPool(product, "base");
    const name = `${product.run.id}-wrong`;
    const text = poolDocument(name, { cidr: cidrOf(product, "base").replace("/24", "/25") });
    const dialog = await pasteYaml(page, text);
    await expect(dialog.getByText(`CIDR overlaps with IPPool(${other})`)).toBeVisible();
    const answer = await product.ask("/api/v1/pools", { method: "POST", body: { manifest: text } });
    expect(fieldsOf(answer.text)).toContain("spec.cidr");
    expect(await exists(product, name)).toBe(false);
  });

  test("what the installed schema and its rules refuse by themselves is seen by asking past Poolboard", async ({
    product,
  }) => {
    const [free, six] = [cidrOf(product, "wrong"), cidrOf(product, "six")];
    const refused: string[] = [];
    for (const { what, spec } of wrong) {
      const { nodeSelector, ...rest } = spec(free, six);
      const selector = nodeSelector === undefined ? {} : { nodeSelector: "has(" };
      const manifest = product.pool(`${product.run.id}-wrong`, { ...rest, ...selector });
      const taken = await product.dryRun(manifest);
      if (!taken) refused.push(what);
    }
    // An enum is in every schema of the kind: were it not refused, nothing was checked at all.
    expect(refused).toContain("a mode that there is not");
    saw("Schema rules", refused.includes("a CIDR with host bits") ? "of v3.33 and later" : "of v3.32");
    const share = `${refused.length} of ${wrong.length} kinds`;
    saw("Bad pools are refused by", `Poolboard: all; the API server: ${share}`);
    saw("Refused by the API server itself", refused.join("; "));
  });

  test("a rule that somebody added to the API server is shown in its own words", async ({
    page,
    product,
  }) => {
    const { id } = product.run;
    const words = "pools of this team are made by request only";
    const { group, plural, version } = product.served("IPPool");
    const metadata = { name: `${id}-policy`, labels: { [runLabel]: id } };
    const rule = { apiGroups: [group], apiVersions: [version], operations: ["CREATE"], resources: [plural] };
    const apiVersion = "admissionregistration.k8s.io/v1";
    await product.apply("policy.json", {
      apiVersion,
      kind: "ValidatingAdmissionPolicy",
      metadata,
      spec: {
        matchConstraints: { resourceRules: [rule] },
        validations: [{ expression: `!object.metadata.name.startsWith('${id}-by-request')`, message: words }],
      },
    });
    await product.apply("binding.json", {
      apiVersion,
      kind: "ValidatingAdmissionPolicyBinding",
      metadata,
      spec: { policyName: metadata.name, validationActions: ["Deny"] },
    });
    const name = `${id}-by-request`;
    const spec = { cidr: cidrOf(product, "form") };
    const manifest = product.pool(name, spec);
    // The API server takes a moment until it knows a new policy.
    await expect.poll(() => product.dryRun(manifest), { timeout: 30_000 }).toBe(false);
    const dialog = await pasteYaml(page, poolDocument(name, spec));
    await expect(dialog.getByText(words)).toBeVisible();
    await expect(dialog.getByRole("button", { name: "Create pool" })).toBeDisabled();
    const body = { manifest: poolDocument(name, spec) };
    const answer = await product.ask("/api/v1/pools", { method: "POST", body });
    expect(answer.text).toContain(words);
    expect(await exists(product, name)).toBe(false);
    for (const kind of ["validatingadmissionpolicybinding", "validatingadmissionpolicy"])
      await product.kubectl("delete", kind, metadata.name);
  });

  test("a change that Calico forbids: another CIDR, another block size", async ({ product }) => {
    const pool = await withPool(product, "base");
    const { uid, resourceVersion } = await product.get<{ uid: string; resourceVersion: string }>(
      `/api/v1/pools/${pool}`,
    );
    for (const change of [{ cidr: cidrOf(product, "form") }, { blockSize: 27 }]) {
      const body = { uid, resourceVersion, ...change };
      const { status, text } = await product.ask(`/api/v1/pools/${pool}`, { method: "PATCH", body });
      expect(status, text).toBe(422);
      expect(fieldsOf(text).join()).toContain(Object.keys(change)[0]);
    }
    await product.kubectl("delete", product.kind("IPPool"), pool, "--wait=false");
  });

  test("a namespace's annotation that is no list is flagged, keeps its text, and is mended by choosing", async ({
    page,
    product,
  }) => {
    const pool = await withPool(product, "mend");
    const name = `${product.run.id}-mend`;
    const annotation = "cni.projectcalico.org/ipv4pools";
    await product.namespace(name);
    await product.kubectl("annotate", "namespace", name, `${annotation}=${pool}`);
    await page.goto("/namespaces?problem=true");
    const row = page.getByRole("row", { name });
    await expect(row).toContainText("The annotation is not a JSON list of texts");
    await row.getByRole("button", { name: `Choose pools for ${name}` }).click();
    const dialog = page.getByRole("dialog", { name: `Pools for new pods in ${name}` });
    await dialog.getByRole("combobox", { name: "Add an IPv4 pool" }).click();
    await page.getByRole("option", { name: pool }).click();
    await dialog.getByRole("button", { name: "Save annotation" }).click();
    await expect(dialog).toBeHidden();
    const stored = await product.kubectl("get", "namespace", name, "-o", "jsonpath={.metadata.annotations}");
    expect(JSON.parse(stored)).toEqual({ [annotation]: JSON.stringify([pool]) });
    await product.kubectl("delete", product.kind("IPPool"), pool, "--wait=false");
  });
});

/** The fields that an answer names, in whichever of its documents. */
function fieldsOf(text: string): readonly string[] {
  interface Refusal {
    readonly errors?: readonly { readonly field: string }[];
  }
  const answer = JSON.parse(text) as Refusal & Partial<PoolCreateResults>;
  const problems: readonly (Refusal | undefined)[] = answer.results?.map(({ problem }) => problem) ?? [
    answer,
  ];
  return problems.flatMap((problem) => (problem?.errors ?? []).map(({ field }) => field));
}

async function exists(product: Product, pool: string): Promise<boolean> {
  return (
    (await product.kubectl("get", product.kind("IPPool"), pool, "--ignore-not-found", "-o", "name")) !== ""
  );
}
