import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { printCheck, type RawHandle, type RawPod } from "./calicoctl-check.ts";
import {
  countGroups,
  printShow,
  type RawBlock,
  type RawPool,
  type RawReservation,
} from "./calicoctl-count.ts";

/** What Calico's own programs printed of recorded clusters, against the peers that the bench measures. */

interface Printed {
  readonly show: string;
  readonly showBlocks: string;
}
interface Step extends Printed {
  readonly op: string;
  readonly name: string;
  readonly namespace?: string;
  readonly node?: string;
  readonly hostNetwork?: boolean;
  readonly status?: RawPod["status"];
  readonly check: string;
  readonly "v3.32": Printed;
  readonly objects: Readonly<Record<string, readonly { readonly name: string; readonly spec: unknown }[]>>;
}

function stepsOf(recording: string): readonly Step[] {
  const file = join(import.meta.dirname, "..", "..", "recordings", `${recording}.json`);
  return (JSON.parse(readFileSync(file, "utf8")) as { steps: readonly Step[] }).steps;
}

function objects<T>(step: Step, kind: string): readonly T[] {
  const raw: readonly unknown[] = (step.objects[kind] ?? []).map(({ name, spec }) => ({
    metadata: { name },
    spec,
  }));
  return raw as readonly T[];
}

const recordings = [
  "borrowing",
  "churn-tight",
  "exhausted",
  "leaks",
  "orphans",
  "pools-order",
  "reserved",
  "tutorial",
];
const moments = recordings.flatMap((recording) =>
  stepsOf(recording)
    .filter(({ op }) => op === "checkpoint")
    .map((step, index) => ({ name: `${recording} ${index}`, step })),
);

describe.each(moments)("$name", ({ step }) => {
  const blocks = objects<RawBlock>(step, "blocks");
  const pools = objects<RawPool>(step, "pools");

  test("shows what calicoctl shows, in both layouts", () => {
    const groups = countGroups(pools, blocks, objects<RawReservation>(step, "reservations"));
    for (const [layout, printed] of [
      ["v3.33", step],
      ["v3.32", step["v3.32"]],
    ] as const) {
      expect(printShow(groups, layout, false)).toBe(printed.show);
      expect(printShow(groups, layout, true)).toBe(printed.showBlocks);
    }
  });

  test("checks blocks, pools and handles as calicoctl does", () => {
    const handles = objects<RawHandle>(step, "handles");
    const text = printCheck({ blocks, pools, nodes: [], services: null, pods: [], handles });
    const notOfPods = (line: string) => !/leaked|not actually in use|workload|Workloads|problems/.test(line);
    expect(comparable(text).filter(notOfPods)).toEqual(comparable(step.check).filter(notOfPods));
  });
});

test("finds the leaks that calicoctl finds beside pods in every state", () => {
  const steps = stepsOf("leaks");
  const at = steps.findIndex(({ op }) => op === "checkpoint");
  const step = steps[at];
  if (!step) throw new Error("no checkpoint");
  const pods = steps
    .slice(0, at)
    .filter(({ op }) => op === "pod")
    .map(({ name, namespace = "", node = "", hostNetwork = false, status = {} }): RawPod => {
      return { metadata: { name, namespace }, spec: { nodeName: node, hostNetwork }, status };
    });
  const text = printCheck({
    blocks: objects(step, "blocks"),
    pools: objects(step, "pools"),
    nodes: [],
    services: null,
    pods,
    handles: objects(step, "handles"),
  });
  expect(text).toContain("Check complete; found 2 problems.");
  expect(comparable(text)).toEqual(comparable(step.check));
});

/** Without what only flags bring; lines of ties come in any order. */
function comparable(text: string): readonly string[] {
  return text
    .split("\n")
    .filter((line) => !/ (allocated; attrs|belongs to|leaked; attrs) |doesn't (exist|have)/.test(line))
    .sort();
}
