import type { Pool, PoolChange } from "@/lib/contract/pools.ts";
import { Notice } from "../ui/states.tsx";
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
    <div className={classes.conflict}>
      <Notice>
        {changedBack ? (
          <>
            Your change of <Foreign>{name}</Foreign> was written, and something else changed the pool back at
            once.
          </>
        ) : (
          <>
            <Foreign>{name}</Foreign> changed while you were looking at it, so nothing was written.
          </>
        )}
      </Notice>
      <ConflictTable {...versions} />
    </div>
  );
}

/** Field by field: what was seen, what it is now, what is wanted. */
export function ConflictTable({ seen, theirs, change }: Props) {
  const rows = fieldWords.filter(
    ({ field }) =>
      fieldText(seen, field) !== fieldText(theirs, field) ||
      (field in change && fieldText(change, field) !== fieldText(theirs, field)),
  );
  return (
    <>
      <table className={classes.table} aria-label="What changed">
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">You saw</th>
            <th scope="col">Theirs, now</th>
            <th scope="col">Yours</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ field, label }) => (
            <tr key={field}>
              <th scope="row">{label}</th>
              <td>
                <Foreign>{fieldText(seen, field)}</Foreign>
              </td>
              <td data-changed={fieldText(seen, field) !== fieldText(theirs, field) || undefined}>
                <Foreign>{fieldText(theirs, field)}</Foreign>
              </td>
              <td>{field in change ? <Foreign>{fieldText(change, field)}</Foreign> : "as it is"}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 ? (
        <p className={classes.quiet}>Only fields that Poolboard does not show have changed.</p>
      ) : null}
    </>
  );
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
