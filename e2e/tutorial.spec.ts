import {
  deploymentsYaml,
  externalBlocks,
  internalBlocks,
  ipamShow,
  ipamShowBlocks,
  poolsYaml,
} from "../lib/sim/testing/tutorial.ts";
import { expect, hasKubectl, test } from "./fixtures.ts";
import { choosePool, deletePool, expectToSee, turnNatOff } from "./steps.ts";

test.describe("the tutorial, step by step", () => {
  test.use({ scenario: "tutorial" });
  test.skip(!hasKubectl, "kubectl is not on the PATH");
  test.setTimeout(240_000);

  test("an admin gives each namespace its own pool, disables one, follows packets, and cleans up", async ({
    page,
    cluster,
  }) => {
    await test.step("Calico IPAM is verified before anything else", async () => {
      await page.goto("/");
      const rail = page.getByRole("complementary", { name: "Navigation" });
      await expect(rail).toContainText("Calico v3.32.1");
      await expect(rail).toContainText("Calico IPAM");
      await expect(rail).toContainText("crd.projectcalico.org/v1");
    });

    await test.step("step 1: two pools from pools.yaml", async () => {
      await page.goto("/pools");
      await page.getByRole("button", { name: "Paste YAML" }).click();
      const dialog = page.getByRole("dialog", { name: "Create pools from YAML" });
      await dialog.getByRole("textbox", { name: "YAML" }).fill(poolsYaml("projectcalico.org/v3"));
      await expect(dialog.getByText("accepted a dry run of 2 documents")).toBeVisible();
      await dialog.getByRole("button", { name: "Create 2 pools" }).click();
      await expect(dialog).toBeHidden();
    });

    await test.step("calicoctl get ippool -o wide is the pools table", async () => {
      for (const [name, cidr] of [
        ["default-ipv4-ippool", "10.255.0.0/16"],
        ["external-pool", "10.64.0.0/20"],
        ["internal-pool", "10.64.16.0/20"],
      ] as const) {
        const row = page.getByRole("row", { name });
        await expect(row).toContainText(cidr);
        await expect(row).toContainText("VXLAN");
        await expect(row).toContainText("CrossSubnet");
        await expect(row).toContainText("Allocatable");
      }
      const spec = await cluster.kubectl(
        "get",
        "ippools.crd.projectcalico.org",
        "external-pool",
        "-o",
        "jsonpath={.spec}",
      );
      expect(JSON.parse(spec)).toMatchObject({
        cidr: "10.64.0.0/20",
        blockSize: 26,
        natOutgoing: true,
        vxlanMode: "CrossSubnet",
      });
    });

    await test.step("step 2: each namespace names its pool", async () => {
      await cluster.kubectl("create", "namespace", "external-ns");
      await cluster.kubectl("create", "namespace", "internal-ns");
      await page.getByRole("link", { name: "Namespaces" }).click();
      await choosePool(page, "external-ns", "external-pool");
      await choosePool(page, "internal-ns", "internal-pool");
      await expect(page.getByRole("row", { name: "external-ns" })).toContainText("Annotation");
      const annotations = await cluster.kubectl(
        "get",
        "namespace",
        "external-ns",
        "-o",
        "jsonpath={.metadata.annotations}",
      );
      expect(JSON.parse(annotations)).toEqual({ "cni.projectcalico.org/ipv4pools": '["external-pool"]' });
    });

    await test.step("steps 3 and 4: nine pods each, three a node, where Calico puts them", async () => {
      await cluster.kubectl("create", "-f", await cluster.manifest("nginx-dp.yaml", deploymentsYaml));
      for (const [namespace, blocks] of [
        ["external-ns", externalBlocks],
        ["internal-ns", internalBlocks],
      ] as const) {
        await page.goto(`/pods?namespace=${namespace}&group=block`);
        await expect(page.getByRole("heading", { level: 1, name: "Pods" })).toBeVisible();
        for (const [node, cidr] of Object.entries(blocks)) {
          const group = page.getByRole("region", { name: cidr.replaceAll(/[./]/g, "-") });
          await expect(group).toContainText("3 of 3");
          await expect(group.getByRole("row", { name: node })).toHaveCount(3);
          const start = cidr.split("/")[0]?.replace(/\d+$/, "") ?? "";
          for (const last of [0, 1, 2])
            await expect(group.getByText(`${start}${last}`, { exact: true })).toBeVisible();
        }
      }
    });

    await test.step("step 5: calicoctl ipam show", async () => {
      await page.goto("/ipam");
      await expect(page.getByRole("region", { name: "IPAM show as Text" })).toHaveText(ipamShow);
      await page.getByRole("radio", { name: "With blocks" }).click();
      await expect(page.getByRole("region", { name: "IPAM show as Text" })).toContainText(
        "| Block    | 10.64.9.0/26      |        64 | 3 (5%)     | 61 (95%)     |",
      );
    });

    await test.step("step 6: a disabled pool gives no address, and the failing pod says why", async () => {
      await page.goto("/pools");
      await page.getByRole("switch", { name: "New addresses from external-pool" }).click();
      const dialog = page.getByRole("dialog", { name: "Disable external-pool?" });
      await expect(dialog).toContainText("external-ns");
      await dialog.getByRole("button", { name: "Disable external-pool" }).click();
      await expect(dialog).toBeHidden();
      await expect(page.getByRole("row", { name: "external-pool" })).toContainText("Draining");
      await cluster.kubectl("run", "nginx", "--image=nginx", "-n", "external-ns");
      await page.goto("/pods?namespace=external-ns");
      const card = page.getByRole("region", { name: "external-ns/nginx cannot get an address" });
      await expect(card).toContainText("the given pool (10.64.0.0/20) does not exist, or is not enabled");
      await expect(card).toContainText("external-pool is disabled");
      await card.getByRole("link", { name: "Enable external-pool" }).click();
      await page.getByRole("button", { name: "Enable pool" }).click();
      await expect(page.getByRole("button", { name: "Disable pool" })).toBeVisible();
      await page.goto("/pods?namespace=external-ns&q=nginx");
      // The kubelet tries again by itself, a few seconds later each time.
      await expect(page.getByRole("row", { name: /^nginx external-ns/ })).toContainText("Running", {
        timeout: 40_000,
      });
      await cluster.kubectl("delete", "pod", "nginx", "-n", "external-ns", "--wait=false");
    });

    await test.step("traffic: pod to pod keeps its source, pod to outside is the node's, without NAT it is the pod's", async () => {
      const podAt = (ip: string, namespace: string) =>
        cluster.kubectl(
          "get",
          "pods",
          "-n",
          namespace,
          "-o",
          `jsonpath={.items[?(@.status.podIP=="${ip}")].metadata.name}`,
        );
      const from = `external-ns/${await podAt("10.64.9.1", "external-ns")}`;
      await expectToSee(page, from, "10.64.26.2", "10.64.9.1");
      await expectToSee(page, from, "8.8.8.8", "10.250.12.185");

      await turnNatOff(page, "external-pool");
      await expectToSee(page, from, "151.101.126.132", "10.64.9.1");
    });

    await test.step("clean up: deployments and namespaces by kubectl, pools by Poolboard", async () => {
      await cluster.kubectl("delete", "deployment", "nginx-deployment", "-n", "external-ns");
      await cluster.kubectl("delete", "deployment", "nginx-deployment", "-n", "internal-ns");
      for (const name of ["external-pool", "internal-pool"]) {
        await page.goto(`/pools/${name}`);
        await expect(page.getByText("0 of 4,096").first()).toBeVisible();
        await deletePool(page, name);
      }
      await page.goto("/pools");
      await expect(page.getByRole("row", { name: "default-ipv4-ippool" })).toBeVisible();
      await expect(page.getByRole("row", { name: "external-pool" })).toHaveCount(0);
      const left = await cluster.kubectl(
        "get",
        "ipamblocks.crd.projectcalico.org,blockaffinities.crd.projectcalico.org",
        "-o",
        "name",
      );
      expect(left.match(/10-64-/g)).toBeNull();
      await cluster.kubectl("delete", "namespace", "external-ns", "internal-ns");
      await page.getByRole("link", { name: "Namespaces" }).click();
      await expect(page.getByRole("row", { name: "external-ns" })).toHaveCount(0);
    });
  });
});

test.describe("after the tutorial's step 5", () => {
  test.describe.configure({ mode: "default" });
  test.use({ scenario: "tutorial-done", onlyLooks: true });

  test("the tables are the tutorial's, to the character", async ({ page }) => {
    await page.goto("/ipam");
    await expect(page.getByRole("region", { name: "IPAM show as Text" })).toHaveText(ipamShow);
    await page.getByRole("radio", { name: "With blocks" }).click();
    await expect(page.getByRole("region", { name: "IPAM show as Text" })).toHaveText(ipamShowBlocks);
  });

  test("the pods are where the tutorial lists them", async ({ page }) => {
    await page.goto("/pods?namespace=internal-ns&group=block");
    for (const [block, node] of [
      ["10-64-16-64-26", "s666dan4152"],
      ["10-64-17-128-26", "s666dan4153"],
      ["10-64-28-64-26", "s666dan4151"],
    ] as const) {
      await expect(page.getByRole("region", { name: block }).getByRole("row", { name: node })).toHaveCount(3);
    }
  });
});
