import { type PoolMap, poolMapFlags } from "@/lib/contract/pool-map.ts";
import type { TokenName } from "../theme/tokens.ts";
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

/** The colour of every row: an index into `keys`. */
export interface Colouring {
  readonly mode: ColourMode;
  readonly classes: Uint8Array;
  readonly keys: readonly ColourKey[];
}

/** Whether the same number stands for the same key in both. */
export function hasSameKeys(one: Colouring, other: Colouring): boolean {
  return (
    one.keys.length === other.keys.length && one.keys.every((key, index) => key.id === other.keys[index]?.id)
  );
}

const unclaimedClass = 0;
export const reservedClass = 1;
const firstClass = 2;

type KeyDraft = Omit<ColourKey, "count">;

const ground: readonly KeyDraft[] = [
  { id: "unclaimed", label: "Unclaimed", fill: "line2", look: "dot", letter: "" },
  { id: "reserved", label: "Reserved", fill: "reserved", look: "hatch", letter: "" },
];

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

/**
 * The colours of a map: by how much of a block is in use, by its node, by the namespace that holds most of it, by the age of
 * its claim, or by how much of it other nodes use. Falls back to use while the column is not there. `now`: milliseconds, for ages.
 */
export function colour(map: PoolMap, wanted: ColourMode, now: number): Colouring {
  const mode = columnsOf[wanted].every((column) => map[column] !== null) ? wanted : "use";
  const { keys, classOf } = schemes[mode](map, now);
  const all = [...ground, ...keys];
  const { rows } = map.header;
  const { used, flags } = map;
  const classes = new Uint8Array(rows);
  const counts = new Uint32Array(all.length);
  for (let row = 0; row < rows; row += 1) {
    const key =
      used[row] !== 0
        ? firstClass + classOf(row)
        : ((flags[row] ?? 0) & poolMapFlags.reserved) !== 0
          ? reservedClass
          : unclaimedClass;
    classes[row] = key;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return { mode, classes, keys: all.map((key, index) => ({ ...key, count: counts[index] ?? 0 })) };
}

interface Scheme {
  readonly keys: readonly KeyDraft[];
  /** Index into `keys` of a claimed row. */
  readonly classOf: (row: number) => number;
}

const schemes: Readonly<Record<ColourMode, (map: PoolMap, now: number) => Scheme>> = {
  use: (map) => {
    const { capacity } = map.header;
    const steps = Uint8Array.from({ length: capacity + 1 }, (_unused, used) => depthOf(used, capacity));
    return {
      keys: rampKeys("depth", depthRanges(capacity)),
      classOf: (row) => steps[Math.min((map.used[row] ?? 1) - 1, capacity)] ?? 0,
    };
  },
  node: (map) => byName(map.header.nodes ?? [], map.node, "node", "no node", "other nodes"),
  namespace: (map) =>
    byName(map.header.namespaces ?? [], map.namespace, "namespace", "no pod", "other namespaces"),
  age: (map, now) => {
    const seconds = Math.floor(now / 1000);
    return {
      keys: [
        ...rampKeys("age", ageWords),
        { id: "age-unknown", label: "unknown", fill: "control", look: "dashed", letter: "?" },
      ],
      classOf: (row) => ageStep(seconds, map.claimed?.[row] ?? 0),
    };
  },
  borrowing: (map) => ({
    keys: rampKeys("lent", ["none", "1", "2–3", "4–7", "8–15", "16 or more"]),
    classOf: (row) => lentStep(map.lent?.[row] ?? 0),
  }),
};

const ageLimits = [3600, 86_400, 7 * 86_400, 30 * 86_400, 365 * 86_400];

function ageStep(now: number, claimed: number): number {
  if (claimed === 0) return 6;
  const age = now - claimed;
  const step = ageLimits.findIndex((limit) => age < limit);
  return step < 0 ? 5 : step;
}

function lentStep(lent: number): number {
  return lent === 0 ? 0 : Math.min(5, 1 + Math.floor(Math.log2(lent)));
}

/** The names with most blocks get a colour and a letter each, the others one together, those without any a dashed edge. */
function byName(
  names: readonly (string | null)[],
  column: Uint16Array | Uint32Array | null,
  kind: "node" | "namespace",
  without: string,
  others: string,
): Scheme {
  const counts = new Uint32Array(names.length + 1);
  column?.forEach((name) => (counts[name] = (counts[name] ?? 0) + 1));
  const order = names
    .map((name, index) => ({ name, value: index + 1, count: counts[index + 1] ?? 0 }))
    .filter(({ name, count }) => name !== null && count > 0)
    .sort((one, other) => other.count - one.count || ((one.name ?? "") < (other.name ?? "") ? -1 : 1));
  const named = order.slice(0, categories.length);
  const rest = named.length;
  const classes = new Uint8Array(names.length + 1).fill(rest);
  classes[0] = rest + 1;
  names.forEach((name, index) => {
    if (name === null) classes[index + 1] = rest + 2;
  });
  named.forEach(({ value }, index) => (classes[value] = index));
  return {
    keys: [
      ...named.map(({ name }, index): KeyDraft => ({
        id: `${kind}:${name ?? ""}`,
        label: name ?? "",
        fill: categories[index] ?? "cat-1",
        look: "fill",
        letter: letters[index] ?? "",
      })),
      {
        id: `${kind}s-other`,
        label: order.length > rest ? `${order.length - rest} ${others}` : others,
        fill: "control",
        look: "fill",
        letter: "",
      },
      { id: `${kind}-none`, label: without, fill: "control", look: "dashed", letter: "" },
      { id: `${kind}s-several`, label: "several alike", fill: "text3", look: "edged", letter: "+" },
    ],
    classOf: (row) => classes[column?.[row] ?? 0] ?? rest,
  };
}
