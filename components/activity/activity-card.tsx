"use client";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { CopyButton } from "@/components/ui/copy.tsx";
import { type Fact, Settings } from "@/components/ui/facts.tsx";
import { QueryView } from "@/components/ui/query-view.tsx";
import { SidePanel } from "@/components/ui/side-panel.tsx";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { Age, Foreign, Mono } from "@/components/ui/value.tsx";
import type { Activity } from "@/lib/contract/activity.ts";
import { activityQueries } from "@/lib/queries/activity.ts";
import { useWriteObstacle } from "@/lib/queries/use-live.ts";
import { activityHref } from "../pools/activity-href.ts";
import classes from "./activity-card.module.css";
import { ObjectName } from "./activity-columns.tsx";
import { headline, howWords, kindWords, resultState } from "./activity-words.ts";
import { ToArrow } from "./change-line.tsx";
import { ChangeTable } from "./change-table.tsx";
import { UndoDialog } from "./undo-dialog.tsx";
import { Watched } from "./watched.tsx";

/** One entry of the activity with all that is known of it, and the way to take it back. */
export function ActivityCard({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useQuery(activityQueries.detail(id));
  return (
    <SidePanel label="Activity entry" eyebrow="Activity" onClose={onClose}>
      <QueryView query={query} what="Reading the entry">
        {(entry) => <Card entry={entry} />}
      </QueryView>
    </SidePanel>
  );
}

function Card({ entry }: { entry: Activity }) {
  return (
    <div className={classes.card}>
      <h2 className={classes.title}>
        <Foreign>{headline(entry)}</Foreign>
      </h2>
      <div>
        <StateBadge state={resultState(entry)} />
        {entry.detail === null ? null : (
          <p className={classes.detail}>
            <Foreign>{entry.detail}</Foreign>
          </p>
        )}
      </div>
      <Undo entry={entry} />
      <ChangeTable entry={entry} />
      {entry.watch === null ? null : <Watched watch={entry.watch} />}
      <Settings rows={facts(entry)} />
      <div className={classes.links}>
        <CopyButton text={entry.requestId} variant="subtle">
          Copy request id
        </CopyButton>
        <CopyButton text={JSON.stringify(entry, null, 2)} variant="subtle">
          Copy as JSON
        </CopyButton>
      </div>
    </div>
  );
}

/** The button, or why there is none; nothing where nothing was changed. */
function Undo({ entry }: { entry: Activity }) {
  const obstacle = useWriteObstacle();
  const [asking, setAsking] = useState(false);
  const { undo } = entry;
  if (undo === null) return null;
  const why = undo.possible ? obstacle : undo.reason;
  return (
    <div className={classes.undo}>
      <Button disabled={!undo.possible || obstacle !== null} onClick={() => setAsking(true)}>
        Take this back
      </Button>
      {why === null ? null : (
        <p className={classes.why}>
          <Foreign>{why}</Foreign>
          {undo.undoneBy === null ? null : (
            <>
              {" "}
              <Link href={activityHref(undo.undoneBy)}>See that entry</Link>
            </>
          )}
        </p>
      )}
      {undo.note === null || !undo.possible ? null : (
        <p className={classes.why}>
          <Foreign>{undo.note}</Foreign>
        </p>
      )}
      {asking ? <UndoDialog entry={entry} onClose={() => setAsking(false)} /> : null}
    </div>
  );
}

const eventWords = {
  written: "Written on the pool",
  forbidden: "Not written: the server's role may not create events",
  failed: "Not written: the API server did not take it",
} as const;

function facts(entry: Activity): readonly Fact[] {
  const { object, resourceVersion, how, undoes, event } = entry;
  const kind = object && (kindWords.get(object.kind) ?? object.kind);
  const rows: (Fact | null)[] = [
    {
      label: "When",
      value: <time dateTime={entry.at}>{`${entry.at.slice(0, 19).replace("T", " ")} UTC`}</time>,
      note: <Age since={entry.at} suffix=" ago" />,
    },
    {
      label: "Person",
      value: <Foreign>{entry.user ?? "no name"}</Foreign>,
      note: how === null ? "refused before it was known who it is" : howWords[how],
    },
    entry.client === null ? null : { label: "From", value: <Mono>{entry.client}</Mono> },
    entry.cluster === null ? null : { label: "Cluster", value: <Foreign>{entry.cluster}</Foreign> },
    object === null
      ? null
      : {
          label: kind ?? "Object",
          value: <ObjectName entry={entry} />,
          ...(object.uid === null ? {} : { note: <Mono wrap>{object.uid}</Mono> }),
        },
    resourceVersion.before === null
      ? null
      : {
          label: "Version",
          value: (
            <>
              <Mono>{resourceVersion.before}</Mono> <ToArrow />{" "}
              <Mono>{resourceVersion.after ?? "unchanged"}</Mono>
            </>
          ),
        },
    {
      label: "Answer",
      value: <Mono>{`${entry.status}${entry.code === null ? "" : ` ${entry.code}`}`}</Mono>,
    },
    event === null ? null : { label: "Kubernetes Event", value: eventWords[event] },
    undoes === null
      ? null
      : { label: "Takes back", value: <Link href={activityHref(undoes)}>an earlier entry</Link> },
    { label: "Request id", value: <Mono wrap>{entry.requestId}</Mono> },
  ];
  return rows.filter((row) => row !== null);
}
