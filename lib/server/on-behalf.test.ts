import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

const server = import.meta.dirname;
const routes = join(server, "..", "..", "app");

/** What is said with the server's own right, whoever asks: the cluster's name, and its own word about a write. */
const allowed = ["read/cluster.ts", "activity/record.ts", "activity/follow.ts", "activity/cluster-key.ts"];
/** These decide whose right it is. */
const deciding = ["identity.ts", "login.ts", "testing.ts"];

test("no use case speaks to the cluster with the server's own right on behalf of a person", async () => {
  const found: string[] = [];
  for (const folder of [server, routes]) {
    for (const file of await readdir(folder, { recursive: true })) {
      if (!/\.tsx?$/.test(file) || /test\.ts$|testing/.test(file) || file.startsWith("bad-days")) continue;
      const text = await readFile(join(folder, file), "utf8");
      const takesOwn =
        /(inventory|config|serverConfig\(\)\??)\??\.connection\b|\{[^{}]*\bconnection\b[^{}]*\} = (config|inventory)/;
      if (takesOwn.test(text) && ![...allowed, ...deciding].includes(file)) found.push(file);
    }
  }
  expect(found).toEqual([]);
});
