import type { Pool, PoolChange } from "@/lib/contract/pools.ts";
import { Notice } from "../ui/states.tsx";
import { Foreign } from "../ui/value.tsx";
import classes from "./conflict.module.css";
import { fieldWords } from "./pool-fields.ts";

/** Somebody changed the pool between the look and the click: what was seen, what it is now, what is wanted. */
export function Conflict({ seen, theirs, change }: { seen: Pool; theirs: Pool; change: PoolChange }) {
  const rows = fieldWords.filter(
    ({ field }) =>
      text(seen, field) !== text(theirs, field) ||
      (field in change && wanted(change, field) !== text(theirs, field)),
  );
  return (
    <div className={classes.conflict}>
      <Notice>
        <Foreign>{seen.name}</Foreign> changed while you were looking at it, so nothing was written.
      </Notice>
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
                <Foreign>{text(seen, field)}</Foreign>
              </td>
              <td data-changed={text(seen, field) !== text(theirs, field) || undefined}>
                <Foreign>{text(theirs, field)}</Foreign>
              </td>
              <td>{field in change ? <Foreign>{wanted(change, field)}</Foreign> : "as it is"}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 ? (
        <p className={classes.quiet}>Only fields that Poolboard does not show have changed.</p>
      ) : null}
    </div>
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
              <Foreign>{text(seen, field)}</Foreign>
            </del>
            <ins>
              <Foreign>{wanted(change, field)}</Foreign>
            </ins>
          </li>
        ))}
    </ul>
  );
}

/** Whether the pool is already what is wanted. */
export function alreadySo(theirs: Pool, change: PoolChange): boolean {
  return fieldWords.every(({ field }) => !(field in change) || wanted(change, field) === text(theirs, field));
}

function text(pool: Pool, field: (typeof fieldWords)[number]["field"]): string {
  return words(pool[field]);
}

function wanted(change: PoolChange, field: (typeof fieldWords)[number]["field"]): string {
  return words(change[field]);
}

function words(value: boolean | string | null | readonly string[] | undefined): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (value === null || value === undefined || value === "") return "none";
  return typeof value === "string" ? value : value.join(", ");
}
