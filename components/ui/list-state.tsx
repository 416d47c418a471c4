"use client";
import { Failed, Forbidden, Loading, Notice } from "./states.tsx";
import type { Windowed } from "./use-windowed.ts";
import { Foreign } from "./value.tsx";

interface Props<Row> {
  readonly list: Windowed<Row>;
  /** What is read, in words: “pods”. */
  readonly what: string;
  /** The rows; shown whenever there are any, old ones too. */
  readonly children: React.ReactNode;
}

/** A long list in whichever state it is: loading, failed, forbidden, or its rows with a notice when they are old. */
export function ListState<Row>({ list, what, children }: Props<Row>) {
  if (list.loading && !list.problem) return <Loading what={`Reading ${what}`} rows={8} />;
  if (list.unreadable) {
    const { permission, reason } = list.unreadable;
    return permission ? (
      <Forbidden permission={permission} detail={reason} />
    ) : (
      <Failed title={`The ${what} cannot be read`} detail={reason} onRetry={list.retry} />
    );
  }
  if (list.problem && list.rows.length === 0) {
    const { title, detail, code } = list.problem.problem;
    return (
      <Failed
        title={`The ${what} could not be read`}
        detail={detail || title}
        copy={`${code}: ${title} ${detail}`}
        onRetry={list.retry}
      />
    );
  }
  return (
    <>
      {list.problem ? (
        <Notice>
          The last read failed: <Foreign>{list.problem.problem.title}</Foreign>. These are the rows of the
          read before it.
        </Notice>
      ) : null}
      {children}
    </>
  );
}
