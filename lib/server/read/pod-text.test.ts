import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatPodIp, type PodRow } from "../../inventory/pod-row.ts";
import { PodTable } from "../../inventory/pod-table.ts";
import { mayNameAddress, textFilter } from "./list-query.ts";
import { podTextFilter } from "./pod-text.ts";
import { podRank, rankOf } from "./search-rank.ts";

const letters = fc.string({
  unit: fc.constantFrom("a", "b", "-", "0", "1", "."),
  minLength: 1,
  maxLength: 6,
});
const pod = fc.record({
  namespace: fc.constantFrom("a", "ab", "b-0"),
  name: letters,
  node: fc.constantFrom(null, "a.1", "node-0"),
  ips: fc.array(
    fc.oneof(fc.integer({ min: 0, max: 0xffffffff }), fc.constantFrom(0x0a000001, 0x6464640a, 1n, "0.b")),
    {
      maxLength: 2,
    },
  ),
});

function tableOf(pods: readonly Pick<PodRow, "namespace" | "name" | "node" | "ips">[]): PodTable {
  const table = new PodTable();
  const rest = {
    uid: "",
    revision: "1",
    phase: "Running",
    hostNetwork: false,
    finished: false,
    evicted: false,
  };
  for (const one of pods)
    table.put({ ...rest, ...one, createdAt: 0, annotations: null, ipAddrs: null, gone: false });
  return table;
}

const words = fc.oneof(letters, fc.constantFrom("10.0.0.1", "100.100.100.10", "0.10", "::1", "1.", "A-"));

test("free text finds in columns what it finds in texts", () => {
  fc.assert(
    fc.property(
      fc.array(pod, { maxLength: 8 }),
      fc.array(words, { minLength: 1, maxLength: 2 }),
      (pods, parts) => {
        const q = parts.join(" ");
        const table = tableOf(pods);
        const [inColumns, inTexts] = [podTextFilter(table, q), textFilter(q)];
        for (const slot of table.present()) {
          const { namespace, name, node, ips } = table.row(slot);
          const addresses = mayNameAddress(q) ? ips.map(formatPodIp) : [];
          expect(inColumns?.(slot)).toBe(inTexts?.(namespace, name, node, ...addresses));
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("the search ranks in columns as in texts", () => {
  const wanted = fc.oneof(
    words,
    fc.tuple(fc.constantFrom("", "a", "b"), fc.oneof(letters, fc.constant(""))).map((two) => two.join("/")),
  );
  fc.assert(
    fc.property(fc.array(pod, { maxLength: 8 }), wanted, (pods, text) => {
      const table = tableOf(pods);
      const rank = podRank(table, text);
      for (const slot of table.present()) {
        const { namespace, name, ips } = table.row(slot);
        const texts = [
          text.includes("/") ? `${namespace}/${name}` : name,
          ...(mayNameAddress(text) ? ips.map(formatPodIp) : []),
        ];
        expect(rank(slot)).toBe(Math.min(...texts.map((one) => rankOf(one, text))));
      }
    }),
    { numRuns: 300 },
  );
});
