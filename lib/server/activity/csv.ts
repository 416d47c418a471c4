import type { Activity } from "../../contract/activity.ts";
import { formatCsv } from "../../format/csv.ts";

const json = (value: unknown) => (value === null ? "" : JSON.stringify(value));

const columns: readonly (readonly [
  header: string,
  value: (entry: Activity) => string | number | null | undefined,
])[] = [
  ["Time", ({ at }) => at],
  ["Person", ({ user }) => user],
  ["How", ({ how }) => how],
  ["Client", ({ client }) => client],
  ["Cluster", ({ cluster }) => cluster],
  ["Action", ({ action }) => action],
  ["Kind", ({ object }) => object?.kind],
  ["Namespace", ({ object }) => object?.namespace],
  ["Name", ({ object }) => object?.name],
  ["UID", ({ object }) => object?.uid],
  ["From", ({ from }) => json(from)],
  ["To", ({ to }) => json(to)],
  ["Result", ({ result }) => result],
  ["Dry run", ({ dryRun }) => String(dryRun)],
  ["Status", ({ status }) => status],
  ["Problem", ({ code }) => code],
  ["Detail", ({ detail }) => detail],
  ["Version before", ({ resourceVersion }) => resourceVersion.before],
  ["Version after", ({ resourceVersion }) => resourceVersion.after],
  ["Verdict", ({ watch }) => watch?.verdict],
  ["Watch", ({ watch }) => watch?.text],
  ["Taken back by", ({ undo }) => undo?.undoneBy],
  ["Takes back", ({ undoes }) => undoes],
  ["Request", ({ requestId }) => requestId],
  ["Entry", ({ id }) => id],
];

/** The entries as CSV, in pieces, so that a long log is never whole in memory. */
export function activityCsv(entries: Iterable<Activity>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const rows = csvLines(entries);
  return new ReadableStream({
    pull(controller) {
      const { done, value } = rows.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
  });
}

const PIECE = 200;

function* csvLines(entries: Iterable<Activity>): Generator<string> {
  let rows: string[][] = [];
  // formatCsv always writes a head, which is wanted once.
  let head: readonly string[] | null = columns.map(([header]) => header);
  const piece = () => {
    const text =
      head === null
        ? formatCsv({ header: rows[0] ?? [], rows: rows.slice(1) })
        : formatCsv({ header: [...head], rows });
    head = null;
    rows = [];
    return text;
  };
  for (const entry of entries) {
    rows.push(columns.map(([, value]) => String(value(entry) ?? "")));
    if (rows.length === PIECE) yield piece();
  }
  if (head !== null || rows.length > 0) yield piece();
}
