import { latencyLine, faultLines, rateLines, truthLines, viewerLines } from "./event-lines.ts";
import { type Line, none } from "./line.ts";
import { isBusy, memoryLines, openLines, processors, stallLines } from "./process-lines.ts";
import type { SoakResult } from "./soak-result.ts";
import { median } from "./verdict.ts";

/** A line of the report and what it is about. */
export interface Check extends Omit<Line, "ofTime"> {
  readonly about: string;
}

const podsPerNode = 30;

/** What a soak was asked for. */
interface Asked {
  readonly nodes: number;
  readonly viewers: number;
  readonly rates: { readonly pods: number; readonly blocks: number };
}

/** What must hold after a soak. */
export function judge(result: SoakResult, asked: Asked): readonly Check[] {
  const { samples } = result;
  const parts: Readonly<Record<string, readonly Line[]>> = {
    machine: [processors(samples), ...rateLines(result, asked.rates)],
    memory: memoryLines(samples, asked.nodes * podsPerNode),
    open: openLines(samples),
    time: [...stallLines(samples), latencyLine(result, asked.viewers)],
    faults: faultLines(result),
    viewers: viewerLines(result, asked.viewers),
    truth: truthLines(result),
    log: [none("unexplained lines", result.log.unexpected)],
  };
  const busy = isBusy(samples);
  return Object.entries(parts).flatMap(([about, lines]) =>
    lines.map(({ ofTime, verdict, ...line }) => ({
      about,
      ...line,
      verdict: busy && ofTime && verdict === "fails" ? "unjudged" : verdict,
    })),
  );
}

/** The last line: whether it stands, and where not. */
export function conclusion(checks: readonly Check[]): string {
  const of = (verdict: Check["verdict"]) => checks.filter((check) => check.verdict === verdict);
  const names = (some: readonly Check[]) => some.map(({ about, name }) => `${about}: ${name}`).join("; ");
  const [held, failed, unjudged] = [of("holds"), of("fails"), of("unjudged")];
  const busy =
    unjudged.length === 0 ? "" : `, ${unjudged.length} not judged on so busy a machine (${names(unjudged)})`;
  const counts = `${held.length} hold, ${failed.length} failed${busy}`;
  return failed.length === 0 ? `flat: ${counts}` : `NOT flat: ${counts}: ${names(failed)}`;
}

/** Of each thing that was written to be seen: how many viewers saw it, and after how long. */
export function latencySeries({ seen }: SoakResult) {
  const byMoment = Map.groupBy(seen, ({ writtenAt }) => writtenAt);
  return Array.from(byMoment, ([writtenAt, all]) => {
    const times = all.map(({ ms }) => ms);
    return { writtenAt, viewers: times.length, medianMs: median(times), longestMs: Math.max(...times) };
  });
}
