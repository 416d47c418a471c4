import { Foreign, NotApplicable } from "@/components/ui/value.tsx";
import type { Activity } from "@/lib/contract/activity.ts";
import { fieldChanges } from "./activity-diff.ts";
import classes from "./change-table.module.css";

/** Field by field: what it was, and what it was to be. Nothing where no field is known. */
export function ChangeTable({
  entry,
  back = false,
}: {
  entry: Pick<Activity, "from" | "to">;
  back?: boolean;
}) {
  const changes = fieldChanges(entry, !back);
  if (changes.length === 0) return null;
  const [first, second] = back ? (["to", "from"] as const) : (["from", "to"] as const);
  return (
    <table className={classes.table} aria-label="Fields">
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">{back ? "Now" : "Before"}</th>
          <th scope="col">{back ? "Afterwards" : "After"}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.field}>
            <th scope="row">
              <Foreign>{change.label}</Foreign>
            </th>
            <td>
              <Value text={change[first]} />
            </td>
            <td data-changed={change.from !== change.to || undefined}>
              <Value text={change[second]} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Value({ text }: { text: string | null }) {
  return text === null ? <NotApplicable /> : <Foreign>{text}</Foreign>;
}
