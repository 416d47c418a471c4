import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Activity } from "../../contract/activity.ts";
import { configure } from "../testing.ts";
import { log } from "../log.ts";
import { closeAbandoned } from "./abandoned.ts";
import type { Kept } from "./kept.ts";
import { openActivityStore } from "./store.ts";

let folder: string;
beforeEach(() => {
  configure();
  folder = mkdtempSync(join(tmpdir(), "poolboard-activity-"));
});
afterEach(() => {
  openActivityStore(null);
  vi.restoreAllMocks();
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

const until = "2026-11-30T12:05:00.000Z";

function kept(id: string, watch: Activity["watch"] = null): Kept {
  const activity: Activity = {
    id,
    at: "2026-11-30T12:00:00.000Z",
    user: "alice",
    how: "oidc",
    client: null,
    cluster: "test",
    action: "disable",
    object: { kind: "IPPool", name: "external-pool", uid: "1" },
    from: { disabled: false },
    to: { disabled: true },
    resourceVersion: { before: "1", after: "2" },
    result: "done",
    dryRun: false,
    status: 200,
    code: null,
    detail: null,
    requestId: id,
    undo: null,
    undoes: null,
    watch,
    event: null,
  };
  return { activity, left: { disabled: true }, override: null };
}

const page = { limit: 100, offset: 0 };
const all = (store: ReturnType<typeof openActivityStore>) => store.list({ clusters: ["c"] }, page).kept;

test("entries are there again after a restart, for nobody else's eyes", () => {
  const inner = join(folder, "not", "there", "yet");
  openActivityStore(inner).add(kept("a"), "c", false);
  expect(all(openActivityStore(inner))).toEqual([kept("a")]);
  expect(statSync(inner).mode & 0o777).toBe(0o700);
  expect(statSync(join(inner, "activity.sqlite")).mode & 0o777).toBe(0o600);
});

test("in memory unless a folder is named", () => {
  const store = openActivityStore(null);
  store.add(kept("a"), "c", false);
  expect(all(store)).toHaveLength(1);
  expect(all(openActivityStore(null))).toHaveLength(0);
});

test.each<[string, () => void]>([
  [
    "is no database",
    () => writeFileSync(join(folder, "activity.sqlite"), "not a database at all".repeat(100)),
  ],
  [
    "was written by a newer Poolboard",
    () => {
      const database = new DatabaseSync(join(folder, "activity.sqlite"));
      database.exec("PRAGMA user_version = 99");
      database.close();
    },
  ],
  ["cannot be made", () => writeFileSync(join(folder, "in the way"), "")],
])("a file that %s is told once, and entries are kept in memory", (_name, spoil) => {
  spoil();
  const warn = vi.spyOn(log, "warn").mockImplementation(() => undefined);
  const store = openActivityStore(
    existsSync(join(folder, "in the way")) ? join(folder, "in the way") : folder,
  );
  store.add(kept("a"), "c", false);
  store.add(kept("b"), "c", false);
  expect(all(store).map(({ activity }) => activity.id)).toEqual(["b", "a"]);
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn.mock.calls[0]?.[1]).toMatch(/activity file cannot be used/);
});

test("a file that breaks later is told once; what could be read of it stays, and nothing new is lost", () => {
  const store = openActivityStore(folder);
  store.add(kept("a"), "c", false);
  // What happens to it while it is open: its table goes.
  const other = new DatabaseSync(join(folder, "activity.sqlite"));
  other.exec("ALTER TABLE entry DROP COLUMN result");
  other.close();
  const warn = vi.spyOn(log, "warn").mockImplementation(() => undefined);
  store.add(kept("b"), "c", false);
  store.add(kept("c"), "c", false);
  expect(all(store).map(({ activity }) => activity.id)).toEqual(expect.arrayContaining(["b", "c"]));
  expect(warn).toHaveBeenCalledTimes(1);
});

const watching: Activity["watch"] = { until, verdict: null, text: null, findings: [] };

test.each<[string, string, boolean]>([
  ["a process of this machine that is gone", `${hostname()}:999999999`, true],
  ["the process that had this one's number before", `${hostname()}:${process.pid}:before`, true],
  ["one that is there", `${hostname()}:${process.ppid}`, false],
  ["one elsewhere whose time is long over", "elsewhere:1", true],
])("a watch of %s", (_name, worker, isInterrupted) => {
  const store = openActivityStore(folder);
  const later = new Date(Date.now() + 300_000).toISOString();
  const isOver = worker.startsWith("elsewhere");
  store.add(kept("a", { ...watching, until: isOver ? until : later }), "c", true);
  const database = new DatabaseSync(join(folder, "activity.sqlite"));
  database.prepare("UPDATE entry SET worker = ?").run(worker);
  database.close();
  vi.useFakeTimers({ now: isOver ? Date.parse(until) + 3_600_000 : Date.now() });
  closeAbandoned();
  vi.useRealTimers();
  expect(all(store)[0]?.activity.watch).toMatchObject({ verdict: isInterrupted ? "interrupted" : null });
});
