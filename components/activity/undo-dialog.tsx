"use client";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Dialog } from "@/components/ui/dialog.tsx";
import { QueryView } from "@/components/ui/query-view.tsx";
import { Notice } from "@/components/ui/states.tsx";
import { showToast } from "@/components/ui/toast.ts";
import { Foreign } from "@/components/ui/value.tsx";
import type { Activity } from "@/lib/contract/activity.ts";
import type { PoolChange } from "@/lib/contract/pools.ts";
import { activityQueries, undoActivity } from "@/lib/queries/activity.ts";
import { putPool } from "@/lib/queries/apply-change.ts";
import { poolQueries } from "@/lib/queries/pools.ts";
import { toProblemError } from "@/lib/queries/problem-error.ts";
import { useWriteObstacle } from "@/lib/queries/use-live.ts";
import { ImpactRows } from "../pools/impact-rows.tsx";
import { DryRunNote, WriteProblem } from "../pools/write-problem.tsx";
import classes from "./activity-card.module.css";
import { valuesBefore } from "./activity-diff.ts";
import { ChangeTable } from "./change-table.tsx";

interface Props {
  readonly entry: Activity;
  readonly onClose: () => void;
}

/** Taking a change back is a write like any other: what it does, a dry run, and then the button. */
export function UndoDialog({ entry, onClose }: Props) {
  const client = useQueryClient();
  const obstacle = useWriteObstacle();
  const [typed, setTyped] = useState("");
  const name = entry.object?.name ?? "";
  const change = poolChange(entry);
  const impact = useQuery({
    ...poolQueries.impact(name, actionOf(change), actionOf(change) === "update" ? change : undefined),
    enabled: entry.object?.kind === "IPPool",
  });
  const trial = useQuery({
    queryKey: ["dry-run", "undo", entry.id],
    queryFn: () => undoActivity(entry.id, true),
    gcTime: 0,
    staleTime: 0,
    retry: false,
  });
  const write = useMutation({
    mutationFn: () => undoActivity(entry.id),
    onSuccess: ({ pool, note }) => {
      if (pool) putPool(client, pool);
      const told = note === null ? "" : `. ${note}`;
      showToast({ text: `${name} put back as it was${told}`, shape: "dot", tone: "ok" });
      onClose();
    },
    onSettled: () => client.invalidateQueries({ queryKey: activityQueries.all() }),
  });
  const failure = write.error ?? trial.error;
  const facts = impact.data;
  const isPool = entry.object?.kind === "IPPool";
  const mustType = facts?.confirm === "typeName";
  const isReady =
    failure === null &&
    trial.data !== undefined &&
    obstacle === null &&
    (!isPool || facts !== undefined) &&
    (!mustType || typed === name);
  return (
    <Dialog
      opened
      onClose={onClose}
      title={
        <>
          Take this change of <Foreign>{name}</Foreign> back?
        </>
      }
      lead="It is put back as it was before, if nobody has changed it since."
      confirm={mustType && failure === null ? { name, typed, onType: setTyped } : null}
      note={failure === null ? <DryRunNote dryRun={dryRunOf(trial.dataUpdatedAt)} /> : null}
      actions={
        <>
          <Button size="md" onClick={onClose} data-autofocus>
            {failure === null ? "Cancel" : "Close"}
          </Button>
          {failure === null ? (
            <Button
              size="md"
              variant={change.disabled === true ? "danger" : "filled"}
              disabled={!isReady}
              loading={write.isPending}
              onClick={() => write.mutate()}
            >
              Put {name} back
            </Button>
          ) : null}
        </>
      }
    >
      <div className={classes.facts}>
        {failure === null ? null : <WriteProblem problem={toProblemError(failure).problem} />}
        {obstacle === null ? null : <Notice>{obstacle}</Notice>}
        <ChangeTable entry={entry} back />
      </div>
      {isPool && failure === null ? (
        <QueryView query={impact} what={`Working out what changes when ${name} is put back`}>
          {(known) => <ImpactRows impact={known} />}
        </QueryView>
      ) : null}
    </Dialog>
  );
}

/** What the undo writes, as the impact is asked for it. */
function poolChange(entry: Activity): PoolChange {
  return valuesBefore(entry) as PoolChange;
}

function actionOf(change: PoolChange): "disable" | "enable" | "update" {
  if (Object.keys(change).length !== 1 || change.disabled === undefined) return "update";
  return change.disabled ? "disable" : "enable";
}

const dryRunOf = (at: number) =>
  at > 0 ? ({ status: "accepted", at } as const) : ({ status: "running" } as const);
