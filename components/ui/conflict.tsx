import classes from "./conflict.module.css";
import { Notice } from "./states.tsx";

/** One thing that can be changed, in three versions. */
interface ConflictRow {
  readonly key: string;
  readonly label: string;
  readonly seen: React.ReactNode;
  readonly theirs: React.ReactNode;
  /** `theirs` is not what was seen. */
  readonly isNew: boolean;
  /** Null: it was to stay as it is. */
  readonly yours: React.ReactNode | null;
}

/** Somebody was faster: `words` says what that means, the table below it what they changed. */
export function ConflictFacts({ words, children }: { words: React.ReactNode; children: React.ReactNode }) {
  return (
    <div className={classes.conflict}>
      <Notice>{words}</Notice>
      {children}
    </div>
  );
}

interface Props {
  /** What a row is: “Field”. */
  readonly noun: string;
  readonly rows: readonly ConflictRow[];
  /** Below the table, where it does not tell the difference. */
  readonly note: string | null;
}

/** What was seen, what it is now, what is wanted. */
export function ConflictTable({ noun, rows, note }: Props) {
  return (
    <>
      <table className={classes.table} aria-label="What changed">
        <thead>
          <tr>
            <th scope="col">{noun}</th>
            <th scope="col">You saw</th>
            <th scope="col">Theirs, now</th>
            <th scope="col">Yours</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, label, seen, theirs, isNew, yours }) => (
            <tr key={key}>
              <th scope="row">{label}</th>
              <td>{seen}</td>
              <td data-changed={isNew || undefined}>{theirs}</td>
              <td>{yours ?? "as it is"}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {note === null ? null : <p className={classes.note}>{note}</p>}
    </>
  );
}
