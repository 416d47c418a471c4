import { stopInventory } from "../../inventory/registry.ts";
import { openCluster } from "../../kube/connection.ts";
import { endActivity, openActivity } from "../../server/activity/life.ts";
import { ownHosts, setServerConfig } from "../../server/config.ts";
import { log } from "../../server/log.ts";
import { ensureBuilt } from "../build.ts";
import { Web } from "../web.ts";

const host = "127.0.0.1";
const web = new Web();

/**
 * What `start.ts` does, on a free port of loopback, where nobody has to log in: one person may not have as many streams as a
 * measurement needs. Resolves with the address.
 */
export async function serveProduct(kubeconfig: string, { readOnly }: { readOnly: boolean }): Promise<string> {
  const port = await web.listen(0, host);
  const build = await ensureBuilt();
  setServerConfig({
    mode: "embedded",
    connection: await openCluster({ kubeconfig }, { log }),
    readOnly,
    anonymousView: false,
    hosts: ownHosts(host, port, []),
    tokenHash: null,
  });
  openActivity(null, null);
  await web.serve(build);
  return `http://${host}:${port}`;
}

export async function endProduct(): Promise<void> {
  await web.end();
  await endActivity();
  await stopInventory();
}
