import type { PoolMap } from "@/lib/contract/pool-map.ts";
import type { Cells } from "@/lib/contract/pool-map-differing.ts";
import type { TokenName } from "../theme/tokens.ts";
import { Counter } from "./counter.ts";
import { depthOf } from "./model.ts";
import { ageWords, depthRanges } from "./words.ts";

/** What the colour of a cell says. */
export const colourModes = ["use", "node", "namespace", "age", "borrowing"] as const;
export type ColourMode = (typeof colourModes)[number];

/** Columns of the pool map that a mode looks at. */
export const columnsOf: Readonly<Record<ColourMode, readonly ("node" | "namespace" | "claimed" | "lent")[]>> =
  {
    use: [],
    node: ["node"],
    namespace: ["namespace"],
    age: ["claimed"],
    borrowing: ["lent"],
  };

/** One colour of the map, and what it stands for. */
export interface ColourKey {
  /** As it stands in the address bar: `depth-3`, `node:worker-1`. */
  readonly id: string;
  readonly label: string;
  readonly count: number;
  readonly fill: TokenName;
  /** `hollow`: an edge alone; `edged`: filled with an edge; `dot`: nothing but a dot; `hatch`: lines; `dashed`: unknown. */
  readonly look: "fill" | "edged" | "hollow" | "dot" | "hatch" | "dashed";
  /** Repeats the colour for those who do not see it; empty on ramps, which are ordered. */
  readonly letter: string;
}

export type KeyDraft = Omit<ColourKey, "count">;

const ramp = ["depth-0", "depth-1", "depth-2", "depth-3", "depth-4", "depth-5"] as const;
const rampLook = ["hollow", "edged", "fill", "fill", "fill", "fill"] as const;
const categories = ["cat-1", "cat-2", "cat-3", "cat-4", "cat-5", "cat-6", "cat-7", "cat-8"] as const;
const letters = "ABCDEFGH";

/** A ramp's keys, one a label; a label may be empty where no value can fall there. */
function rampKeys(id: string, labels: readonly string[]): readonly KeyDraft[] {
  return labels.map((label, step) => ({
    id: `${id}-${step}`,
    label,
    fill: ramp[step] ?? "depth-5",
    look: rampLook[step] ?? "fill",
    letter: "",
  }));
}

/** Which colour a claimed row has. */
export interface Scheme {
  readonly keys: readonly KeyDraft[];
  /** What tells the colour of a claimed row. */
  readonly column: Cells;
  /** Index into `keys` by what the column says. */
  readonly table: Uint8Array;
  /** The same for what is too large for the table. */
  readonly beyond: number;
}

export const schemes: Readonly<Record<ColourMode, (map: PoolMap, now: number, names: Counter) => Scheme>> = {
  use: ({ header: { capacity }, used }) => ({
    keys: rampKeys("depth", depthRanges(capacity)),
    column: used,
    table: Uint8Array.from({ length: capacity + 2 }, (_unused, stored) => depthOf(stored - 1, capacity)),
    beyond: depthOf(capacity, capacity),
  }),
  node: (map, _now, names) =>
    byName(map.header.nodes ?? [], map.node ?? nothing, names, ["node", "no node", "other nodes"]),
  namespace: (map, _now, names) =>
    byName(map.header.namespaces ?? [], map.namespace ?? nothing, names, [
      "namespace",
      "no pod",
      "other namespaces",
    ]),
  age: (map, now) => ({
    keys: [
      ...rampKeys("age", ageWords),
      { id: "age-unknown", label: "unknown", fill: "control", look: "dashed", letter: "?" },
    ],
    column: ageSteps(map.claimed ?? nothing, Math.floor(now / 1000)),
    table: Uint8Array.from({ length: ageUnknown + 1 }, (_unused, step) => step),
    beyond: ageUnknown,
  }),
  borrowing: ({ header: { capacity }, lent }) => ({
    keys: rampKeys("lent", ["none", "1", "2–3", "4–7", "8–15", "16 or more"]),
    column: lent ?? nothing,
    table: Uint8Array.from({ length: capacity + 1 }, (_unused, many) => lentStep(many)),
    beyond: 5,
  }),
};

const nothing = new Uint8Array(0);

const ageLimits = [3600, 86_400, 7 * 86_400, 30 * 86_400, 365 * 86_400];

const ageUnknown = 6;

/** The step of each row's age. */
function ageSteps(claimed: Cells, now: number): Uint8Array {
  const steps = new Uint8Array(claimed.length);
  for (let row = 0; row < claimed.length; row += 1) {
    const since = claimed[row] ?? 0;
    let step = since === 0 ? ageUnknown : 0;
    if (since !== 0) while (step < ageLimits.length && now - since >= (ageLimits[step] ?? 0)) step += 1;
    steps[row] = step;
  }
  return steps;
}

function lentStep(lent: number): number {
  return lent === 0 ? 0 : Math.min(5, 1 + Math.floor(Math.log2(lent)));
}

/** The names with most blocks get a colour and a letter each, the others one together, those without any a dashed edge. */
function byName(
  names: readonly (string | null)[],
  column: Cells,
  counter: Counter,
  [kind, without, others]: readonly ["node" | "namespace", string, string],
): Scheme {
  const { named, all } = mostFrequent(names, counter.of(column, names.length + 1));
  const rest = named.length;
  const table = new Uint8Array(names.length + 1).fill(rest);
  table[0] = rest + 1;
  names.forEach((name, index) => {
    if (name === null) table[index + 1] = rest + 2;
  });
  named.forEach(({ value }, index) => (table[value] = index));
  const keys: readonly KeyDraft[] = [
    ...named.map(({ name }, index): KeyDraft => ({
      id: `${kind}:${name}`,
      label: name,
      fill: categories[index] ?? "cat-1",
      look: "fill",
      letter: letters[index] ?? "",
    })),
    {
      id: `${kind}s-other`,
      label: all > rest ? `${all - rest} ${others}` : others,
      fill: "control",
      look: "fill",
      letter: "",
    },
    { id: `${kind}-none`, label: without, fill: "control", look: "dashed", letter: "" },
    { id: `${kind}s-several`, label: "several alike", fill: "text3", look: "edged", letter: "+" },
  ];
  return { keys, column, table, beyond: rest };
}

interface Frequent {
  readonly name: string;
  /** Its number in the column. */
  readonly value: number;
  readonly count: number;
}

/** As many names as there are colours, those with most blocks first, and how many names have a block at all. */
function mostFrequent(names: readonly (string | null)[], counts: Uint32Array) {
  const named: Frequent[] = [];
  let all = 0;
  names.forEach((name, index) => {
    const count = counts[index + 1] ?? 0;
    if (name === null || count === 0) return;
    all += 1;
    const last = named[categories.length - 1];
    const one = { name, value: index + 1, count };
    if (last && compareFrequent(last, one) < 0) return;
    named.push(one);
    named.sort(compareFrequent);
    if (named.length > categories.length) named.pop();
  });
  return { named, all };
}

function compareFrequent(one: Frequent, other: Frequent): number {
  return other.count - one.count || (one.name < other.name ? -1 : 1);
}
