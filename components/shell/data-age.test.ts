import { expect, test } from "vitest";
import type { Freshness } from "@/lib/queries/freshness.ts";
import { writeObstacle } from "@/lib/queries/freshness.ts";
import { ageWords } from "./data-age.tsx";

const now = 1_000_000;
const open: Freshness = {
  connection: "open",
  serverStale: false,
  unread: false,
  reading: null,
  currentAt: now,
  pausedAt: null,
};

test.each([
  [{ ...open, currentAt: now - 2000 }, "live", "Live, 2 s old", false],
  [{ ...open, currentAt: now - 48_000 }, "warn", "48 s old, reconnecting", false],
  [{ ...open, serverStale: true, currentAt: now - 5000 }, "warn", "5 s old, reconnecting", true],
  [{ ...open, currentAt: now - 240_000 }, "crit", "No data for 4 min", true],
  [{ ...open, connection: "lost", currentAt: now - 3000 }, "crit", "No data for 3 s", true],
  [{ ...open, connection: "connecting", currentAt: null }, "paused", "Connecting", false],
  [{ ...open, unread: true, currentAt: null }, "paused", "Reading the cluster", false],
  [{ ...open, connection: "lost", unread: true, currentAt: null }, "crit", "No connection", true],
  [{ ...open, connection: "lost", currentAt: null }, "crit", "No connection", true],
] as const)("%j reads %s", (freshness, tone, long, refused) => {
  expect(ageWords(freshness, now)).toMatchObject({ tone, long });
  expect(writeObstacle(freshness, now) !== null).toBe(refused);
});

test("paused says since when", () => {
  expect(ageWords({ ...open, pausedAt: now }, now).long).toMatch(/^Paused at \d\d:\d\d:\d\d$/);
});
