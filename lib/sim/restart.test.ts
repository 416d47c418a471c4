import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openCluster, type ClusterConnection } from "../kube/connection.ts";
import { writeOutcome } from "../kube/errors.ts";
import { createObject, listAll, removeObject } from "../kube/objects.ts";
import type { ResourceRef } from "../kube/paths.ts";
import type { ReflectorState } from "../kube/reflector-state.ts";
import { Reflector } from "../kube/reflector.ts";
import { identify } from "../kube/watch-event.ts";

const LIVE_WITHIN_MS = 15_000;
const program = path.join(import.meta.dirname, "../cli/cluster.ts");
const calico = { group: "crd.projectcalico.org", version: "v1", namespaced: false };
const core = { group: "", version: "v1" };
const namespaces: ResourceRef = { ...core, plural: "namespaces", namespaced: false };
const kinds: readonly ResourceRef[] = [
  namespaces,
  { ...core, plural: "nodes", namespaced: false },
  { ...core, plural: "pods", namespaced: true },
  { ...calico, plural: "ippools" },
  { ...calico, plural: "ipamblocks" },
];

test("the embedded cluster is killed and started again: data stays, live again in time, nothing is lost", async () => {
  const { start, connection } = await setUp();
  let cluster = await start("--data");
  const followers = kinds.map((resource) => new Follower(connection, resource));
  for (const follower of followers) await follower.reaches("live");
  const made: string[] = [];

  for (const round of [1, 2]) {
    const sizes = followers.map((follower) => follower.copy.size);
    // Killed in the middle of writes: what was acknowledged must be there afterwards.
    const writing = write(connection, `round${round}`, made);
    await followers[0]?.holdsMoreThan((sizes[0] ?? 0) + 20);
    await kill(cluster);
    await writing;
    for (const [at, follower] of followers.entries()) {
      await follower.reaches("stale");
      expect(follower.copy.size).toBeGreaterThanOrEqual(sizes[at] ?? 0);
    }

    cluster = await start("--data");
    const startedAt = performance.now();
    for (const follower of followers) await follower.reaches("live");
    expect(performance.now() - startedAt).toBeLessThan(LIVE_WITHIN_MS);

    // What was written last arrives last: with it, everything before has.
    await createObject(connection, { resource: namespaces }, namespace(`last${round}`));
    await followers[0]?.holds(`last${round}`);
    await expectSame(connection, followers);
    for (const name of made) expect(followers[0]?.copy.has(name)).toBe(true);
    expect(followers.map((follower) => follower.reflector.epoch)).toEqual(kinds.map(() => 1));
  }
  expect(made.length).toBeGreaterThan(30);
}, 60_000);

test("another, younger cluster takes its place: nothing of the old one stays, and a new epoch begins", async () => {
  const { start, connection } = await setUp();
  const old = await start();
  const followers = kinds.map((resource) => new Follower(connection, resource));
  for (const follower of followers) await follower.reaches("live");
  await write(connection, "old", [], 30);
  await followers[0]?.holds("old-29");
  await kill(old);
  for (const follower of followers) await follower.reaches("stale");

  await start();
  // Of the other kinds the scenario makes the same objects again, with the same uids: nothing has to be noticed there.
  await followers[0]?.beginsEpoch(2);
  for (const follower of followers) await follower.reaches("live");
  expect(followers[0]?.copy.has("old-29")).toBe(false);
  await createObject(connection, { resource: namespaces }, namespace("last"));
  await followers[0]?.holds("last");
  await expectSame(connection, followers);
}, 60_000);

/** A reflector with a consumer that keeps key → uid and version from the callbacks alone. */
class Follower {
  readonly resource: ResourceRef;
  readonly copy = new Map<string, string>();
  readonly reflector: Reflector<{ key: string; version: string }>;
  readonly #waiting = new Set<() => void>();

  constructor(connection: ClusterConnection, resource: ResourceRef) {
    this.resource = resource;
    this.reflector = new Reflector({
      connection,
      resource,
      project: keyAndVersion,
      onPut: (items) => {
        for (const { key, version } of items) this.copy.set(key, version);
        this.#look();
      },
      onRemove: (gone) => {
        for (const one of gone)
          this.copy.delete(one.namespace === "" ? one.name : `${one.namespace}/${one.name}`);
        this.#look();
      },
      onState: () => this.#look(),
      exit: () => expect.unreachable("the reflector gave up"),
    });
    this.reflector.start();
    onTestFinished(() => this.reflector.stop());
  }

  reaches(status: ReflectorState["status"]): Promise<void> {
    return this.#until(() => this.reflector.state.status === status);
  }

  holds(key: string): Promise<void> {
    return this.#until(() => this.copy.has(key));
  }

  holdsMoreThan(count: number): Promise<void> {
    return this.#until(() => this.copy.size > count);
  }

  beginsEpoch(epoch: number): Promise<void> {
    return this.#until(() => this.reflector.epoch === epoch);
  }

  #until(condition: () => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => {
      if (!condition()) return;
      this.#waiting.delete(look);
      resolve();
    };
    this.#waiting.add(look);
    look();
    return promise;
  }

  #look(): void {
    for (const look of this.#waiting) look();
  }
}

async function setUp() {
  const folder = await mkdtemp(path.join(tmpdir(), "poolboard-restart-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const children: ChildProcess[] = [];
  onTestFinished(async () => {
    for (const child of children) await kill(child);
  });
  const start = async (keep?: "--data"): Promise<ChildProcess> => {
    const data = keep === undefined ? [] : [keep, path.join(folder, "data")];
    const args = [program, "--port", String(port), ...data];
    const child = spawn(process.execPath, args, {
      env: { ...process.env, TMPDIR: folder },
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    await new Promise((resolve, reject) => {
      child.stdout.once("data", resolve);
      child.once("exit", () => reject(new Error("the embedded cluster did not start")));
    });
    return child;
  };
  const connection = await openCluster({ server: `http://127.0.0.1:${port}` });
  onTestFinished(() => connection.close());
  return { start, connection };
}

/** Creates and deletes namespaces until the cluster is gone, or `limit` are there. Notes in `made` what must exist. */
async function write(
  connection: ClusterConnection,
  prefix: string,
  made: string[],
  limit = Infinity,
): Promise<void> {
  for (let i = 0; i < limit; i += 1) {
    const name = `${prefix}-${i}`;
    try {
      await createObject(connection, { resource: namespaces }, namespace(name));
      made.push(name);
      const passing = `${prefix}-passing-${i}`;
      await createObject(connection, { resource: namespaces }, namespace(passing));
      await removeObject(connection, { resource: namespaces, name: passing });
    } catch (error) {
      expect(writeOutcome(error)).not.toBe("refused");
      return;
    }
  }
}

function namespace(name: string) {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

/** Compares each copy with a fresh list, once both stand at the same version: controllers may still be at work. */
async function expectSame(connection: ClusterConnection, followers: readonly Follower[]): Promise<void> {
  for (const { copy, resource } of followers) {
    await expect
      .poll(async () => {
        const { items } = await listAll(connection, resource);
        const server = items
          .map((item) => keyAndVersion(item))
          .map(({ key, version }) => [key, version] as const);
        return (
          server.length > 0 && JSON.stringify(server.toSorted()) === JSON.stringify([...copy].toSorted())
        );
      })
      .toBe(true);
  }
}

function keyAndVersion(raw: unknown): { key: string; version: string } {
  const { key = "", uid = "", resourceVersion = "" } = identify(raw) ?? {};
  return { key, version: `${uid} ${resourceVersion}` };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
