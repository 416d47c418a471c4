import type { Pool, PoolChange } from "@/lib/contract/pools.ts";
import { ConflictFacts, ConflictTable } from "../ui/conflict.tsx";
import { Foreign } from "../ui/value.tsx";
import classes from "./conflict.module.css";
import { fieldText, fieldWords } from "./pool-fields.ts";

interface Props {
  readonly seen: Pool;
  readonly theirs: Pool;
  readonly change: PoolChange;
}

/** Somebody changed the pool between the look and the click, or with `changedBack` right after it. */
export function Conflict({ changedBack = false, ...versions }: Props & { changedBack?: boolean }) {
  const { name } = versions.seen;
  return (
    <ConflictFacts
      words={
        changedBack ? (
          <>
            Your change of <Foreign>{name}</Foreign> was written, and something else changed the pool back at
            once.
          </>
        ) : (
          <>
            <Foreign>{name}</Foreign> changed while you were looking at it, so nothing was written.
          </>
        )
      }
    >
      <PoolConflictTable {...versions} />
    </ConflictFacts>
  );
}

/** Field by field: what was seen, what it is now, what is wanted. */
export function PoolConflictTable({ seen, theirs, change }: Props) {
  const rows = fieldWords.flatMap(({ field, label }) => {
    const now = fieldText(theirs, field);
    const isNew = fieldText(seen, field) !== now;
    const yours = field in change ? fieldText(change, field) : null;
    if (!isNew && (yours === null || yours === now)) return [];
    return {
      key: field,
      label,
      seen: <Foreign>{fieldText(seen, field)}</Foreign>,
      theirs: <Foreign>{now}</Foreign>,
      isNew,
      yours: yours === null ? null : <Foreign>{yours}</Foreign>,
    };
  });
  const note = rows.length === 0 ? "Only fields that Poolboard does not show have changed." : null;
  return <ConflictTable noun="Field" rows={rows} note={note} />;
}

/** What a change does to the pool as it was seen, field by field. */
export function ChangeList({ seen, change }: { seen: Pool; change: PoolChange }) {
  return (
    <ul>
      {fieldWords
        .filter(({ field }) => field in change)
        .map(({ field, label }) => (
          <li key={field} className={classes.change}>
            <span>{label}</span>
            <del>
              <Foreign>{fieldText(seen, field)}</Foreign>
            </del>
            <ins>
              <Foreign>{fieldText(change, field)}</Foreign>
            </ins>
          </li>
        ))}
    </ul>
  );
}
