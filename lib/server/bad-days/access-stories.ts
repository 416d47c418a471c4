import { writeFile } from "node:fs/promises";
import { expect } from "vitest";
import { writeKubeconfig } from "../../kube/testing/fixtures.ts";
import { OUTAGE_OVER_MS } from "./stories.ts";
import { see, seePool, switchPool } from "./view.ts";
import { until } from "./until.ts";
import { isCurrent, timed, type World } from "./world.ts";

/** `rotate` makes the server show a certificate of another authority and answers the cluster entry that trusts it. */
export async function authorityRotated(
  world: World,
  rotate: () => Promise<{ cluster: object; user: object }>,
) {
  await isCurrent(world);
  const access = await rotate();
  world.proxy.cut();
  await until(() => world.inventory.stale);
  const { uid, resourceVersion } = (await seePool(world.pool)).body;
  const write = await switchPool(world.pool, { uid, resourceVersion, disabled: false });
  expect(write).toMatchObject({
    status: 502,
    body: { detail: expect.stringContaining("not signed by the kubeconfig's authority") },
  });
  expect(await see("cluster")).toMatchObject({ status: 200, body: { stale: true } });
  expect(await see("pools")).toMatchObject({ status: 200 });
  await writeKubeconfig(world.kubeconfig, access.cluster, access.user);
  expect(await timed(world, () => isCurrent(world))).toBeLessThan(OUTAGE_OVER_MS * world.slack);
}

/** `replace` makes the token in `file` worthless and answers the one that replaces it. */
export async function tokenReplaced(world: World, file: string, replace: () => Promise<string>) {
  await isCurrent(world);
  // Renewed in time: nobody notices.
  await writeFile(file, await replace());
  world.proxy.cut();
  expect(await timed(world, () => isCurrent(world))).toBeLessThan(OUTAGE_OVER_MS * world.slack);
  expect([...world.states.values()]).not.toContain("loginExpired");

  // Renewed too late: said so, and live as soon as it is.
  const token = await replace();
  world.proxy.cut();
  await until(() => [...world.states.values()].includes("loginExpired"));
  expect(await see("cluster")).toMatchObject({ status: 200, body: { stale: true } });
  expect(await see("pools")).toMatchObject({ status: 200 });
  await writeFile(file, token);
  expect(await timed(world, () => isCurrent(world))).toBeLessThan(OUTAGE_OVER_MS * world.slack);
}
