import type { Problem } from "../contract/problem.ts";

/**
 * A request that did not bring what was asked for. Failures without an answer are put in the same shape with status 0:
 * code `unreachable` (no connection, or it broke) and `unreadable` (an answer in an unknown shape).
 */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail === "" ? problem.title : problem.detail);
    this.problem = problem;
  }

  /** Asking again may help without anybody doing anything. */
  get passing(): boolean {
    const { status, code } = this.problem;
    return (status === 0 && code === "unreachable") || status === 429 || (status >= 502 && status <= 504);
  }

  /** The cluster is being read for the first time, and nothing keeps the server from that. */
  get starting(): boolean {
    const { code, trouble } = this.problem;
    return code === "starting" && trouble === undefined;
  }
}

/** A failure of our own making in the shape of the server's. */
export function localProblem(
  code: "unreachable" | "unreadable",
  title: string,
  detail: string,
): ProblemError {
  return new ProblemError({ type: "about:blank", title, status: 0, code, detail, requestId: "" });
}

/** Any thrown value as a problem. */
export function toProblemError(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof DOMException && error.name === "AbortError")
    return localProblem("unreachable", "You did not wait for the answer", "The request was under way.");
  return localProblem(
    "unreadable",
    "Poolboard failed",
    error instanceof Error ? error.message : String(error),
  );
}
