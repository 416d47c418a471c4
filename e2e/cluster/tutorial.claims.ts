import type { Address, AddressDetail } from "../../lib/contract/addresses.ts";
import type { Cluster } from "../../lib/contract/cluster.ts";
import type { Pool, PoolDeleteResult } from "../../lib/contract/pools.ts";
import {
  askToDisable,
  choosePool,
  deletePool,
  expectToSee,
  pasteYaml,
  poolDocument,
  turnNatOff,
} from "../steps.ts";
import { type RawBlock, rangeOf } from "../../lib/cli/bench/calicoctl-count.ts";
import { expect, type Product, saw, test } from "./fixtures.ts";
import { cidrOf } from "./own-pool.ts";
import { deleteByApi, type RawPool, storedPools } from "./pools.ts";
import { blockOf, deployment, type RawNode, readyPods } from "./workloads.ts";

const annotation = "cni.projectcalico.org/ipv4pools";

/** The tutorial's steps on this cluster, one claim each; a step stands on those before it. */
test.describe("the tutorial", () => {
  test.describe.configure({ mode: "serial" });

  test("the rail and the API name CNI, IPAM, Calico's version, its API and how it was detected", async ({
    page,
    product,
  }) => {
    const { calico, kubernetesVersion } = await product.get<Cluster>("/api/v1/cluster");
    expect(calico).toMatchObject({
      detected: true,
      cni: "Calico",
      ipam: "Calico",
      apiMode: product.run.mode,
    });
    expect(calico.detectedBy).not.toBe("");
    const { serverVersion } = JSON.parse(await product.kubectl("version", "-o", "json")) as {
      serverVersion: { gitVersion: string };
    };
    expect(kubernetesVersion).toBe(serverVersion.gitVersion);
    const [information] = await product.objects<RawPool>(product.kind("ClusterInformation"));
    expect(calico.version).toBe(information?.spec["calicoVersion"]);
    await page.goto("/");
    const rail = page.getByRole("complementary", { name: "Navigation" });
    await expect(rail).toContainText(`Calico ${calico.version}`);
    await expect(rail).toContainText("Calico IPAM");
    await expect(rail).toContainText(serverVersion.gitVersion);
    saw("Kubernetes", serverVersion.gitVersion);
    saw("Calico", calico.version ?? "unknown");
    saw("API mode", calico.apiMode ?? "none");
    saw("Detected by", calico.detectedBy);
  });

  test("two pools are made from a YAML file with two documents, after a dry run", async ({
    page,
    product,
  }) => {
    const { external, internal, spec } = names(product);
    const documents = [
      poolDocument(external, { ...spec, cidr: product.run.cidrs.external }),
      poolDocument(internal, { ...spec, cidr: product.run.cidrs.internal }),
    ];
    const dialog = await pasteYaml(page, documents.join("---\n"));
    await expect(dialog.getByText("accepted a dry run of 2 documents")).toBeVisible();
    await dialog.getByRole("button", { name: "Create 2 pools" }).click();
    await expect(dialog).toBeHidden();
    const stored = await storedPools(product);
    expect(stored.get(external)).toMatchObject({ ...spec, cidr: product.run.cidrs.external });
    expect(stored.get(internal)).toMatchObject({ ...spec, cidr: product.run.cidrs.internal });
  });

  test("one pool is made by form, after a dry run", async ({ page, product }) => {
    const { byForm } = names(product);
    await page.goto("/pools?new=form");
    const dialog = page.getByRole("dialog", { name: "New pool" });
    await dialog.getByLabel("Name", { exact: true }).fill(byForm);
    await dialog.getByLabel("CIDR", { exact: true }).fill(cidrOf(product, "form"));
    await dialog.getByRole("combobox", { name: "Assignment" }).selectOption("Manual");
    await dialog.getByLabel("Block size", { exact: true }).fill("28");
    await expect(dialog.getByRole("status").filter({ hasText: "accepted a dry run" })).toBeVisible();
    await dialog.getByRole("button", { name: "Create pool" }).click();
    await expect(dialog).toBeHidden();
    expect((await storedPools(product)).get(byForm)).toMatchObject({
      cidr: cidrOf(product, "form"),
      blockSize: 28,
      assignmentMode: "Manual",
    });
  });

  test("the pools table has every column of calicoctl get ippool -o wide, as stored", async ({
    page,
    product,
  }) => {
    const stored = await storedPools(product);
    await page.goto("/pools");
    for (const name of Object.values(names(product)).filter((each) => typeof each === "string")) {
      const { cidr, natOutgoing, disabled } = stored.get(name) ?? {};
      const row = page.getByRole("row", { name });
      await expect(row).toContainText(String(cidr));
      await expect(row).toContainText(disabled === true ? "Disabled" : "Allocatable");
      const pool = await product.get<Pool>(`/api/v1/pools/${name}`);
      expect(pool).toMatchObject({ cidr, natOutgoing: natOutgoing === true, disabled: disabled === true });
      expect(pool).toMatchObject(stored.get(name) ?? {});
    }
    const raw = await product.objects<RawPool>(product.kind("IPPool"));
    const isConditioned = raw.some(({ status }) => (status?.conditions ?? []).length > 0);
    saw(
      "A pool's state is",
      isConditioned ? "Calico's own condition" : "judged by Poolboard, as no pool has a condition",
    );
  });

  test("a namespace is given its pool by choosing it, and exactly that annotation is written", async ({
    page,
    product,
  }) => {
    const { external, internal } = names(product);
    for (const pool of [external, internal]) {
      const name = namespaceOf(pool);
      await product.namespace(name);
      await page.goto(`/namespaces?q=${name}`);
      await choosePool(page, name, pool);
      await expect(page.getByRole("row", { name })).toContainText("Annotation");
      const stored = await product.kubectl(
        "get",
        "namespace",
        name,
        "-o",
        "jsonpath={.metadata.annotations}",
      );
      expect(JSON.parse(stored)).toEqual({ [annotation]: JSON.stringify([pool]) });
    }
  });

  test("pods of a deployment made by kubectl are listed by block, with address and node", async ({
    page,
    product,
  }) => {
    const [external, internal] = namespaces(product);
    const { cidrs, image } = product.run;
    for (const namespace of [external, internal])
      await product.apply(`${namespace}-deployment.json`, deployment(namespace, { replicas: 9, image }));
    for (const [namespace, cidr] of [
      [external, cidrs.external],
      [internal, cidrs.internal],
    ] as const) {
      const pods = await readyPods(product, namespace, 9);
      const range = rangeOf(cidr);
      const blocks = await product.objects<RawBlock>(product.kind("IPAMBlock"));
      await page.goto(`/pods?namespace=${namespace}&group=block`);
      for (const pod of pods) {
        const { first } = rangeOf(pod.status.podIP);
        expect(range.first <= first && first <= range.last, `${pod.status.podIP} is in ${cidr}`).toBe(true);
        const group = page.getByRole("region", { name: blockOf(blocks, pod.status.podIP).metadata.name });
        const row = group.getByRole("row", { name: pod.metadata.name });
        await expect(row).toContainText(pod.status.podIP);
        await expect(row).toContainText(pod.spec.nodeName);
      }
    }
  });

  test("an address leads to its pod, node and block", async ({ page, product }) => {
    const { external } = names(product);
    const [pod] = await readyPods(product, namespaceOf(external), 9);
    const { podIP = "" } = pod?.status ?? {};
    const block = blockOf(await product.objects<RawBlock>(product.kind("IPAMBlock")), podIP);
    const address = await product.get<AddressDetail>(`/api/v1/addresses/${podIP}`);
    expect(address).toMatchObject({
      state: "used",
      kind: "pod",
      owner: { kind: "pod", namespace: namespaceOf(external), name: pod?.metadata.name },
      node: pod?.spec.nodeName,
      block: block.metadata.name,
      pool: external,
    });
    const listed = await product.get<{ items: Address[] }>(
      `/api/v1/addresses?pool=${external}&kind=pod&limit=500`,
    );
    expect(listed.items).toHaveLength(9);
    await page.goto(`/addresses?ip=${podIP}`);
    await expect(page.getByLabel(`Address ${podIP}`)).toContainText(pod?.metadata.name ?? "");
  });

  test("before a pool is disabled it names who will fail; then a new pod fails in Calico's words, and the fix mends it", async ({
    page,
    product,
  }) => {
    test.setTimeout(120_000);
    const { external } = names(product);
    const namespace = namespaceOf(external);
    const { dialog, confirm } = await askToDisable(page, external);
    await expect(dialog).toContainText(namespace);
    await confirm.click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole("row", { name: external })).toContainText("Draining");
    await product.kubectl("run", "late", `--image=${product.run.image}`, "-n", namespace);
    await page.goto(`/pods?namespace=${namespace}`);
    const card = page.getByRole("region", { name: `${namespace}/late cannot get an address` });
    await expect(card).toContainText(
      `the given pool (${product.run.cidrs.external}) does not exist, or is not enabled`,
      { timeout: 30_000 },
    );
    await expect(card).toContainText(`${external} is disabled`);
    await card.getByRole("link", { name: `Enable ${external}` }).click();
    await page.getByRole("button", { name: "Enable pool" }).click();
    await expect(page.getByRole("button", { name: "Disable pool" })).toBeVisible();
    await page.goto(`/pods?namespace=${namespace}&q=late`);
    await expect(page.getByRole("row", { name: /^late / })).toContainText("Running", { timeout: 60_000 });
    await product.kubectl("delete", "pod", "late", "-n", namespace, "--wait=false");
  });

  test("a packet between pods keeps its source; to the outside it is the node's, and the pod's once NAT is off", async ({
    page,
    product,
  }) => {
    const { external } = names(product);
    const [from, to] = namespaces(product);
    const [source] = await readyPods(product, from, 9);
    const others = await readyPods(product, to, 9);
    const target = others.find(({ spec }) => spec.nodeName !== source?.spec.nodeName) ?? others[0];
    const pod = `${from}/${source?.metadata.name}`;
    const nodes = await product.objects<RawNode>("nodes");
    const node = nodes.find(({ metadata }) => metadata.name === source?.spec.nodeName);
    const nodeIp = node?.metadata.annotations?.["projectcalico.org/IPv4Address"]?.split("/")[0];
    await expectToSee(page, pod, target?.status.podIP, source?.status.podIP);
    await expectToSee(page, pod, "8.8.8.8", nodeIp);
    await turnNatOff(page, external);
    await expectToSee(page, pod, "8.8.8.8", source?.status.podIP);
  });

  test("a pool that holds addresses does not go; an empty one does, in the API's own order, and leaves nothing", async ({
    page,
    product,
  }) => {
    test.setTimeout(180_000);
    const { external, internal, byForm } = names(product);
    const held = await product.get<Pool>(`/api/v1/pools/${external}`);
    const stored = await product.objects<RawPool>(product.kind("IPPool"));
    // Calico's pool controller holds one that it has found allocatable; it would begin to terminate, so it is only asked.
    const isHeld = stored.some(({ metadata }) => metadata.name === external && metadata.finalizers);
    const answer = await deleteByApi(product, held, isHeld);
    if (isHeld) expect(answer.text).toContain("stays at Terminating until they are given back");
    else expect(JSON.parse(answer.text)).toMatchObject({ status: 409, code: "in-use" });

    for (const namespace of namespaces(product))
      await product.kubectl("delete", "deployment", "app", "-n", namespace);
    for (const name of [external, internal, byForm]) {
      const usage = async () => (await product.get<Pool>(`/api/v1/pools/${name}`)).usage;
      await expect.poll(async () => (await usage()).byKind.pod, { timeout: 60_000 }).toBe("0");
      if ((await usage()).inUse !== "0") {
        // What is left are tunnel addresses: a disabled pool gives them back.
        const { confirm, dialog } = await askToDisable(page, name);
        await confirm.click();
        await expect(dialog).toBeHidden();
        await expect.poll(async () => (await usage()).inUse, { timeout: 60_000 }).toBe("0");
      }
      await page.goto(`/pools/${name}`);
      if (name === external) {
        const planned = await deleteByApi(product, await product.get<Pool>(`/api/v1/pools/${name}`), true);
        const { steps } = JSON.parse(planned.text) as PoolDeleteResult;
        saw("Deleting a pool", steps.map((step) => step.name).join(", "));
      }
      await deletePool(page, name);
    }
    await page.goto("/pools");
    await expect(page.getByRole("heading", { level: 1, name: "Pools" })).toBeVisible();
    for (const name of [external, internal, byForm])
      await expect(page.getByRole("row", { name })).toHaveCount(0);
    const { cidrs } = product.run;
    const ranges = [cidrs.external, cidrs.internal, cidrOf(product, "form")].map(rangeOf);
    for (const kind of ["IPAMBlock", "BlockAffinity"] as const) {
      await expect
        .poll(async () => {
          const left = await product.objects<RawBlock>(product.kind(kind));
          return left.filter(({ spec }) => {
            const { family, first } = rangeOf(spec.cidr);
            return ranges.some((own) => own.family === family && own.first <= first && first <= own.last);
          });
        })
        .toEqual([]);
    }
    await product.kubectl("delete", "namespace", ...namespaces(product), "--wait=false");
  });
});

/** Named unlike its pool, so that a text tells which of the two it means. */
function namespaceOf(pool: string): string {
  return `${pool}-ns`;
}

function namespaces(product: Product): readonly [string, string] {
  const { external, internal } = names(product);
  return [namespaceOf(external), namespaceOf(internal)];
}

function names({ run }: Product) {
  const spec = { blockSize: 26, ipipMode: "Never", natOutgoing: true, vxlanMode: "CrossSubnet" } as const;
  return { external: `${run.id}-external`, internal: `${run.id}-internal`, byForm: `${run.id}-form`, spec };
}
