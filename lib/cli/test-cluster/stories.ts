import { readFileSync } from "node:fs";
import type { Recording } from "../../recordings/step.ts";

/** The recorded stories in which addresses are given, and whose CRDs they need. */
export const stories = [
  "borrowing",
  "churn-roomy",
  "churn-tight",
  "dual-stack",
  "exhausted",
  "limits",
  "overflow",
  "pools-order",
  "reserved",
  "selectors",
  "tunnels",
  "tutorial",
  "tutorial-hosts",
] as const;

export function readStory(name: (typeof stories)[number]): Recording & { readonly mode: string } {
  const file = new URL(`../../recordings/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as Recording & { readonly mode: string };
}

/** Of all pools that the stories make. */
export function storyCidrs(): readonly string[] {
  const cidrs = stories.flatMap((name) =>
    readStory(name).steps.flatMap((step) =>
      (step.op === "create" || step.op === "createObject") && step.kind === "IPPool" ? [step.spec.cidr] : [],
    ),
  );
  return [...new Set(cidrs)];
}
