import Link from "next/link";
import type { Column } from "@/components/ui/column.ts";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { Age, Foreign, Mono, NotApplicable } from "@/components/ui/value.tsx";
import type { Activity } from "@/lib/contract/activity.ts";
import { changeText } from "./activity-diff.ts";
import { ChangeLine } from "./change-line.tsx";
import classes from "./activity-page.module.css";
import { actionWords, afterState, kindWords, objectHref, personText, resultState } from "./activity-words.ts";

/** The object's name, leading to it where it still has a page. */
export function ObjectName({ entry }: { entry: Activity }) {
  const { object } = entry;
  if (object === null) return <NotApplicable />;
  const href = objectHref(entry);
  const name = <Foreign>{object.name}</Foreign>;
  return href === null ? name : <Link href={href}>{name}</Link>;
}

export const activityColumns: readonly Column<Activity>[] = [
  {
    id: "at",
    header: "When",
    width: 80,
    value: (entry) => entry.at,
    cell: (entry) => <Age since={entry.at} />,
  },
  {
    id: "user",
    header: "Person",
    width: 170,
    value: (entry) => entry.user ?? personText(entry),
    cell: (entry) =>
      entry.user === null ? (
        <span className={classes.quiet}>{personText(entry)}</span>
      ) : (
        <Foreign>{entry.user}</Foreign>
      ),
  },
  {
    id: "action",
    header: "Action",
    width: 120,
    value: (entry) => (entry.action === null ? null : actionWords[entry.action]),
    cell: (entry) => (entry.action === null ? <NotApplicable /> : actionWords[entry.action]),
  },
  {
    id: "object",
    header: "Object",
    width: 220,
    value: (entry) => entry.object?.name ?? null,
    cell: (entry) => (
      <span className={classes.oneLine}>
        <ObjectName entry={entry} />
        {entry.object === null || entry.object.kind === "IPPool" ? null : (
          <span className={classes.kind}>{(kindWords.get(entry.object.kind) ?? "").toLowerCase()}</span>
        )}
      </span>
    ),
  },
  {
    id: "kind",
    header: "Kind",
    width: 130,
    optional: true,
    sortable: false,
    value: (entry) => entry.object?.kind ?? null,
  },
  {
    id: "change",
    header: "Change",
    sortable: false,
    value: changeText,
    cell: (entry) => {
      const text = changeText(entry);
      return text === null ? (
        <NotApplicable />
      ) : (
        <span className={classes.oneLine} title={text}>
          <ChangeLine text={text} />
        </span>
      );
    },
  },
  {
    id: "result",
    header: "Result",
    width: 150,
    value: (entry) => resultState(entry).word,
    cell: (entry) => <StateBadge state={resultState(entry)} />,
  },
  {
    id: "after",
    header: "Afterwards",
    width: 130,
    sortable: false,
    value: (entry) => afterState(entry)?.word ?? null,
    cell: (entry) => {
      const state = afterState(entry);
      return state === null ? null : <StateBadge state={state} />;
    },
  },
  {
    id: "detail",
    header: "Reason",
    width: 260,
    optional: true,
    sortable: false,
    value: (entry) => entry.detail,
    cell: (entry) => (entry.detail === null ? null : <Foreign>{entry.detail}</Foreign>),
  },
  {
    id: "client",
    header: "From",
    width: 130,
    optional: true,
    sortable: false,
    value: (entry) => entry.client,
    cell: (entry) => (entry.client === null ? <NotApplicable /> : <Mono>{entry.client}</Mono>),
  },
  {
    id: "requestId",
    header: "Request",
    width: 300,
    optional: true,
    sortable: false,
    value: (entry) => entry.requestId,
    cell: (entry) => <Mono>{entry.requestId}</Mono>,
  },
];
