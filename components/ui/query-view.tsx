"use client";
import { useState } from "react";
import { retryMs } from "@/lib/queries/client.ts";
import { toProblemError } from "@/lib/queries/problem-error.ts";
import { useNow } from "./clock.ts";
import { sentence } from "./sentence.ts";
import { Reading } from "./reading.tsx";
import { Failed, Forbidden, Loading, Notice } from "./states.tsx";
import { Foreign } from "./value.tsx";

interface Result<Data> {
  readonly data: Data | undefined;
  readonly error: Error | null;
  /** When the data came, in milliseconds since the epoch; 0 when it never did. */
  readonly dataUpdatedAt: number;
  readonly errorUpdatedAt: number;
  readonly refetch: () => unknown;
}

interface Props<Data> {
  readonly query: Result<Data>;
  /** Said while loading: “Reading pools”. */
  readonly what: string;
  readonly children: (data: Data) => React.ReactNode;
}

/**
 * Data, or why there is none, as a sentence with a next action: loading, starting, failed, forbidden. Data that came
 * once stays on the screen when a later read fails, with a line above it that says so.
 */
export function QueryView<Data>({ query, what, children }: Props<Data>) {
  const { data } = query;
  // A query that never had data forgets its error while it asks again; the sentence stays until there is an answer.
  const [last, remember] = useState(query.error);
  if (query.error !== null && query.error !== last) remember(query.error);
  const error = query.error ?? (data === undefined && query.errorUpdatedAt > 0 ? last : null);
  if (data !== undefined) {
    return (
      <>
        {error === null ? null : <Behind query={query} error={error} />}
        {children(data)}
      </>
    );
  }
  if (error === null) return <Loading what={what} />;
  const { problem, passing, starting } = toProblemError(error);
  if (starting) return <Reading otherwise={problem.detail === "" ? what : `${what}: ${problem.detail}`} />;
  if (problem.permission) return <Forbidden permission={problem.permission} detail={problem.detail} />;
  const { trouble } = problem;
  return (
    <Failed
      title={trouble === undefined ? problem.title : "The cluster cannot be reached"}
      detail={[sentence(trouble ?? problem.detail), passing ? `It asks again every ${retryMs / 1000} s.` : ""]
        .filter(Boolean)
        .join(" ")}
      onRetry={() => void query.refetch()}
      copy={JSON.stringify(problem, null, 2)}
    />
  );
}

/** The line above data whose latest read failed: since when, and when it tries again. */
function Behind<Data>({ query, error }: { query: Result<Data>; error: Error }) {
  const { problem, passing } = toProblemError(error);
  const now = useNow(1);
  const next = Math.max(0, Math.ceil((query.errorUpdatedAt + retryMs - now) / 1000));
  const at = new Date(query.dataUpdatedAt).toLocaleTimeString("en-GB");
  return (
    <Notice apart>
      <Foreign>{problem.title}</Foreign>. This is the state of {at}.
      {passing ? ` It asks again in ${next} s.` : ""}
    </Notice>
  );
}
