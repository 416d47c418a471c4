import type { PoolDeleteResult } from "../../contract/pools.ts";
import { unknownWhy } from "./kube-problem.ts";

type Step = PoolDeleteResult["steps"][number];

/** The steps in their order. After one that failed, the others are told as skipped. */
export class DeleteRun {
  readonly steps: Step[] = [];
  readonly dryRun: boolean;
  failure: unknown = null;
  /** Something in the cluster has changed, or may have. */
  wrote = false;
  /** The object is still there, marked as deleted. */
  terminating = false;

  constructor(dryRun: boolean) {
    this.dryRun = dryRun;
  }

  /** `work` answers what was done, or what would be; throwing ends the run. */
  async step(name: Step["name"], work: () => Promise<string>): Promise<void> {
    if (this.failure) {
      this.steps.push({
        name,
        outcome: "skipped",
        detail: "Not tried, because the step before did not succeed.",
      });
      return;
    }
    try {
      const detail = await work();
      this.steps.push({ name, outcome: this.dryRun && name !== "check" ? "planned" : "done", detail });
    } catch (error) {
      this.failure = error;
      const isUnknown = unknownWhy(error) !== null;
      const detail = error instanceof Error ? error.message : "it failed";
      this.steps.push({ name, outcome: isUnknown ? "unknown" : "failed", detail });
      this.wrote ||= isUnknown;
    }
  }
}
