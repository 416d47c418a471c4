import { hostname } from "node:os";
import { record, text, textMap } from "../../calico/reading.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { createObject, listAll, mergePatch } from "../../kube/objects.ts";
import { UsageError } from "../args.ts";
import { core, isRunning, runLabel } from "./run.ts";

/** A namespace named like the run: made first, removed last, it tells a later run what this one may have left behind. */
export interface Ledger {
  readonly id: string;
  /** Of the run's own pools. */
  readonly cidrs: readonly string[];
  readonly kubelets: boolean;
}

const annotation = {
  cidrs: "poolboard.test/cidrs",
  kubelets: "poolboard.test/kubelets",
  owner: "poolboard.test/owner",
  seen: "poolboard.test/seen",
};
const renewMs = 15_000;
const aliveMs = 60_000;

/** Writes the ledger and says in it, until `stop` is called, that the run is alive. */
export async function openLedger(
  connection: ClusterConnection,
  { id, cidrs, kubelets }: Ledger,
): Promise<{ readonly stop: () => void }> {
  const seen = () => ({ [annotation.seen]: new Date().toISOString() });
  const annotations = {
    [annotation.cidrs]: cidrs.join(" "),
    [annotation.kubelets]: String(kubelets),
    [annotation.owner]: `${hostname()} ${process.pid}`,
    ...seen(),
  };
  const metadata = { name: id, labels: { [runLabel]: id }, annotations };
  await createObject(
    connection,
    { resource: core.namespaces },
    { apiVersion: "v1", kind: "Namespace", metadata },
  );
  const timer = setInterval(() => {
    const patch = { metadata: { annotations: seen() } };
    // A ledger that looks old is only cleaned by a run that somebody starts meanwhile.
    mergePatch(connection, { resource: core.namespaces, name: id }, patch).catch(() => undefined);
  }, renewMs);
  return { stop: () => clearInterval(timer) };
}

/**
 * What earlier runs left behind.
 * @throws UsageError when one of them is under way
 */
export async function findLedgers(connection: ClusterConnection): Promise<readonly Ledger[]> {
  const { items } = await listAll(connection, core.namespaces, { labelSelector: runLabel });
  return items.flatMap((item) => {
    const metadata = record(record(item).metadata);
    const annotations = textMap(metadata.annotations, "annotations", () => undefined);
    const id = text(metadata.name);
    const cidrs = annotations[annotation.cidrs];
    if (id === null || cidrs === undefined) return [];
    if (isAlive(annotations))
      throw new UsageError(`${id} is testing this cluster already; wait for its end and try again`);
    return [{ id, cidrs: cidrs.split(" "), kubelets: annotations[annotation.kubelets] === "true" }];
  });
}

function isAlive(annotations: Readonly<Record<string, string>>): boolean {
  const [host, pid] = (annotations[annotation.owner] ?? "").split(" ");
  if (host === hostname() && !isRunning(Number(pid))) return false;
  return Date.now() - Date.parse(annotations[annotation.seen] ?? "") < aliveMs;
}
