import { expect, test } from "vitest";
import type { ImpactStatement } from "@/lib/contract/impact.ts";
import { commonEnd, type ImpactGroup, impactGroups } from "./impact-groups.ts";

type Part = Partial<Omit<ImpactStatement, "subject">> & { readonly subject: string };

/** "Node a" is the node a. */
function statement({ subject, ...rest }: Part): ImpactStatement {
  const [kind = "", name = ""] = subject.split(" ");
  return {
    kind: "fails",
    subject: { kind, name },
    count: null,
    detail: "",
    certainty: "exact",
    ...rest,
  };
}

test.each<readonly [string, readonly (string | null)[], readonly (string | null)[], string | null]>([
  ["nothing", [], [], null],
  ["a single one keeps its first", ["a; b; c"], ["a"], "b; c"],
  ["a single clause stays", ["a"], ["a"], null],
  ["all the same", ["a; b", "a; b"], ["", ""], "a; b"],
  ["the same end", ["a; x; y", "b; x; y"], ["a", "b"], "x; y"],
  ["one is the end of the other", ["x", "b; x"], ["", "b"], "x"],
  ["different ends", ["x; a", "x; b"], ["x; a", "x; b"], null],
  ["part of a clause is no clause", ["1x", "2x"], ["1x", "2x"], null],
  ["what is open has no part in it", ["a; x", null, "b; x"], ["a", null, "b"], "x"],
])("the common end of details: %s", (_, details, own, shared) => {
  expect(commonEnd(details)).toEqual({ own, shared });
});

test.each<readonly [string, readonly Part[], readonly string[]]>([
  [
    "kinds in the order of their urgency, sorts apart",
    [
      { kind: "unchanged", subject: "IPPool p" },
      { kind: "moves", subject: "Node a", from: "10.0.0.1", to: "other" },
      { subject: "Pod x" },
      { subject: "Namespace a" },
      { subject: "Deployment d" },
      { subject: "Namespace b" },
    ],
    [
      "fails 2 namespaces whose new pods will fail",
      "fails 1 workload whose new pods will fail",
      "fails 1 pod that will fail when it restarts",
      "moves 1 tunnel address that moves",
      "unchanged 1 ",
    ],
  ],
  [
    "a tunnel address that a node did not have is new",
    [
      { kind: "moves", subject: "Node a", from: "10.0.0.1", to: "other" },
      { kind: "moves", subject: "Node b", from: "10.0.0.2", to: "other" },
      { kind: "moves", subject: "Node c", to: "other" },
    ],
    ["moves 2 tunnel addresses that move", "moves 1 tunnel address that is new"],
  ],
  [
    "who is left without a pool, and what goes away",
    [
      { kind: "noPool", subject: "Node a" },
      { kind: "noPool", subject: "Node b" },
      { kind: "noPool", subject: "Namespace n" },
      { kind: "removed", subject: "Node a", from: "10.0.0.1" },
      { kind: "removed", subject: "IPPool p", count: 9 },
      { kind: "poolState", subject: "IPPool q" },
      { kind: "poolState", subject: "IPPool r" },
    ],
    [
      "noPool 1 namespace left without any pool",
      "noPool 2 nodes left without any pool",
      "removed 1 tunnel address that goes away",
      "removed 1 ",
      "poolState 2 pools change state",
    ],
  ],
])("groups: %s", (_, parts, expected) => {
  const groups = impactGroups(parts.map(statement));
  expect(groups.map(({ kind, count, what }) => `${kind} ${count} ${what}`)).toEqual(expected);
  expect(groups.flatMap(({ parts: all }) => all.flatMap(({ rows }) => rows))).toHaveLength(parts.length);
});

test("a doubt that all share stands once, one that only some have stays with them", () => {
  const doubtful = { certainty: "atLeast", reason: "pods cannot be read" } as const;
  const [same] = impactGroups(
    [
      { subject: "Node a", ...doubtful },
      { subject: "Node b", ...doubtful },
    ].map(statement),
  );
  expect(same?.parts.map(({ doubt }) => doubt)).toEqual([doubtful]);
  const [mixed] = impactGroups(
    [{ subject: "Node a", ...doubtful }, { subject: "Node b" } as const].map(statement),
  );
  expect(mixed?.parts.map(({ doubt }) => doubt)).toEqual([null]);
});

test("of what nobody could read the words are kept whole", () => {
  const [group] = impactGroups(
    [
      { subject: "Namespace a", detail: "names p only; new pods wait" } as const,
      { subject: "Namespace b", detail: "names q too; new pods wait" } as const,
      { subject: "Namespace unknown", detail: "Which others do is unknown.", certainty: "unknown" } as const,
    ].map(statement),
  );
  expect(group).toMatchObject({ count: 2, certainty: "atLeast" });
  expect(said(group)).toEqual([
    ["new pods wait", "names p only", "names q too"],
    [null, "Which others do is unknown."],
  ]);
});

/** What each part says together, then what each of its rows says alone. */
const said = (group: ImpactGroup | undefined) =>
  group?.parts.map(({ shared, rows }) => [shared, ...rows.map(({ own }) => own)]);

test.each<readonly [string, readonly string[], readonly (readonly (string | null)[])[]]>([
  ["one end for all", ["a; x", "b; x"], [["x", "a", "b"]]],
  [
    "two ends, in the order of their first",
    ["y", "a; x", "y", "b; x"],
    [
      ["y", "", ""],
      ["x", "a", "b"],
    ],
  ],
  ["no two alike", ["a; x", "b; y"], [[null, "a; x", "b; y"]]],
  [
    "what is alone comes last",
    ["z", "a; x", "b; x"],
    [
      ["x", "a", "b"],
      [null, "z"],
    ],
  ],
])("parts of a group: %s", (_, details, expected) => {
  const statements = details.map((detail, index) => statement({ subject: `Node ${index}`, detail }));
  expect(said(impactGroups(statements)[0])).toEqual(expected);
});

test("hundreds of different ends are not hundreds of parts", () => {
  const details = Array.from({ length: 400 }, (_unused, index) => `end ${index % 200}`);
  const [group] = impactGroups(
    details.map((detail, index) => statement({ subject: `Node ${index}`, detail })),
  );
  expect(group?.parts.map(({ rows }) => rows.length)).toEqual([2, 2, 2, 2, 2, 390]);
});

test("those with the most pods stand first", () => {
  const [group] = impactGroups(
    [
      { subject: "Namespace a", count: 1 },
      { subject: "Namespace unknown", certainty: "unknown" } as const,
      { subject: "Namespace b", count: 291 },
      { subject: "Namespace c", count: 1 },
    ].map(statement),
  );
  const names = group?.parts.flatMap(({ rows }) => rows.map((row) => row.statement.subject.name));
  expect(names).toEqual(["b", "a", "c", "unknown"]);
});
