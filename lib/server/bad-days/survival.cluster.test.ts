import { test } from "vitest";
import { realWorld } from "./real-site.ts";
import { recovers, seedOf, survives } from "./survival.ts";

const seed = seedOf(process.env["PROPERTY_SEED"]);
const SECONDS = Number(process.env["PROPERTY_SECONDS"] ?? 120);
const FAULTS = Number(process.env["RECOVERY_FAULTS"] ?? 200);

test(
  `random writes and faults for ${SECONDS} s: the inventory equals the server (seed ${seed})`,
  { timeout: SECONDS * 1_000 + 180_000 },
  async () => {
    const { writes, faults, compared } = await survives(await realWorld(), seed, SECONDS * 1_000);
    process.stdout.write(
      `${writes} writes and ${faults} faults: ${compared} objects are the same on both sides\n`,
    );
  },
);

test(
  `${FAULTS} random faults: live again in time, nothing lost, no phantom (seed ${seed})`,
  { timeout: 120_000 + FAULTS * 15_000 },
  async () => {
    process.stdout.write(`${await recovers(await realWorld(), seed, FAULTS)}\n`);
  },
);
