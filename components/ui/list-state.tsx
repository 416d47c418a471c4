"use client";
import { QueryView } from "./query-view.tsx";
import { Failed, Forbidden } from "./states.tsx";
import type { Windowed } from "./use-windowed.ts";

interface Props<Row> {
  readonly list: Windowed<Row>;
  /** What is read, in words: “pods”. */
  readonly what: string;
  /** The rows; shown whenever there are any, old ones too. */
  readonly children: React.ReactNode;
}

/** A long list in whichever state it is: loading, failed, forbidden, or its rows, with a notice when they are old. */
export function ListState<Row>({ list, what, children }: Props<Row>) {
  return (
    <QueryView query={list.query} what={`Reading ${what}`}>
      {() => {
        if (list.unreadable === null) return children;
        const { permission, reason } = list.unreadable;
        return permission ? (
          <Forbidden permission={permission} detail={reason} />
        ) : (
          <Failed
            title={`The ${what} cannot be read`}
            detail={reason}
            onRetry={() => void list.query.refetch()}
          />
        );
      }}
    </QueryView>
  );
}
