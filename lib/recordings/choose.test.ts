import { readdirSync, readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { formatAddress } from "../ipam/address.ts";
import { choose } from "../ipam/choose.ts";
import { Comparison } from "./compare.ts";
import { type BeforeAdd, Replay } from "./replay.ts";
import type { Recording } from "./step.ts";

const names = (list: readonly string[] | undefined) => (list === undefined ? null : JSON.stringify(list));

/** What the explainer says of a pod before Calico is asked, in the families that the pod wants. */
function predicted({
  step,
  snapshot,
  now,
  nodeLabels,
  namespaceLabels,
}: BeforeAdd): string | readonly string[] {
  const families = [...(step.v4 === false ? [] : [4 as const]), ...(step.v6 ? [6 as const] : [])];
  const answers = families.map((family) =>
    choose({
      family,
      node: step.node,
      nodeLabels,
      namespace: step.namespace,
      namespaceLabels,
      names: {
        4: { pod: names(step.pools4), namespace: null, cni: [] },
        6: { pod: names(step.pools6), namespace: null, cni: [] },
      },
      ipFamilies: null,
      familiesByConfig: families,
      refusal: null,
      pools: snapshot.pools,
      snapshot,
      now,
    }),
  );
  // Whichever family is asked about, the pod's end is the same.
  expect(new Set(answers.map(({ error }) => error)).size).toBe(1);
  for (const { found, error } of answers) expect(found === null).toBe(error !== null);
  return answers[0]?.error ?? answers.flatMap(({ found }) => (found ? [formatAddress(found.ip)] : []));
}

const recordings = readdirSync(new URL(".", import.meta.url))
  .filter((file) => file.endsWith(".json"))
  .map((file) => JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8")) as Recording)
  .filter(({ steps }) => steps.some(({ op }) => op === "add"));

/** What Calico gave, held against what was said of it beforehand. */
describe("before every pod of every recording", () => {
  const seen = { addresses: 0, errors: new Set<string>() };
  afterAll(() => {
    expect(seen.addresses).toBeGreaterThan(500);
    expect(seen.errors.size).toBeGreaterThan(15);
  });

  test.each(recordings.map((recording) => [recording.name, recording] as const))("%s", (_name, { steps }) => {
    const replay = new Replay(new Comparison());
    const wrong: string[] = [];
    replay.beforeAdd = (add) => {
      if (add.step.ip !== undefined) return;
      const said = predicted(add);
      const given = add.step.error ?? add.step.ips;
      if (typeof given === "string") seen.errors.add(given);
      else seen.addresses += given?.length ?? 0;
      if (JSON.stringify(said) !== JSON.stringify(given))
        wrong.push(`${add.step.pod} on ${add.step.node}: said ${said.toString()}, got ${given?.toString()}`);
    };
    steps.forEach((step, at) => replay.play(step, `step ${at}`));
    expect(wrong).toEqual([]);
  });
});
