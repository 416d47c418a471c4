import { test } from "vitest";
import { embeddedWorld } from "./embedded-site.ts";
import { recovers, seedOf, survives } from "./survival.ts";

/** Fixed, so that a failure is one of the code; others by hand: PROPERTY_SEED=… */
const seed = seedOf(process.env["PROPERTY_SEED"] ?? "20261124");

test(`random writes and faults: the inventory equals the server (seed ${seed})`, async () => {
  await survives(await embeddedWorld(), seed, 80_000);
}, 180_000);

test(`random faults: live again in time, nothing lost, no phantom (seed ${seed})`, async () => {
  await recovers(await embeddedWorld(), seed, 20);
}, 180_000);
