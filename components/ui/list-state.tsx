"use client";
import { MissingNotice, Unreadable } from "./missing.tsx";
import { QueryView } from "./query-view.tsx";
import { Notice } from "./states.tsx";
import type { Windowed } from "./use-windowed.ts";
import { Foreign } from "./value.tsx";

interface Props<Row> {
  readonly list: Windowed<Row>;
  /** What is read, in words: “pods”. */
  readonly what: string;
  /** Whose they are: “web-pool”. Objects that cannot be read are nobody's, so they are not said to be. */
  readonly of?: string;
  /** The rows; shown whenever there are any, old ones too. */
  readonly children: React.ReactNode;
}

/** A long list in whichever state it is: loading, failed, forbidden, or its rows, with a notice when they are old. */
export function ListState<Row>({ list, what, of, children }: Props<Row>) {
  return (
    <QueryView
      query={list.query}
      what={of === undefined ? `Reading ${what}` : `Reading the ${what} of ${of}`}
    >
      {() => {
        if (list.unreadable !== null)
          return (
            <Unreadable what={what} missing={list.unreadable} onRetry={() => void list.query.refetch()} />
          );
        return (
          <>
            <LeftOut what={what} reason={list.leftOut} />
            <MissingNotice of={list.explained} />
            {children}
          </>
        );
      }}
    </QueryView>
  );
}

/** Says which objects a list does not show because nobody can make sense of them. */
export function LeftOut({ what, reason }: { what: string; reason: string | null }) {
  if (reason === null) return null;
  return (
    <Notice apart>
      Some {what} are <Foreign>{reason}</Foreign>.
    </Notice>
  );
}
