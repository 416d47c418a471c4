"use client";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Pool } from "@/lib/contract/pools.ts";
import { poolQueries } from "@/lib/queries/pools.ts";
import { useWriteObstacle } from "@/lib/queries/use-live.ts";
import { CopyLink } from "../ui/copy.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { MissingNotice } from "../ui/missing.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Foreign } from "../ui/value.tsx";
import { alreadySo, Conflict } from "./conflict.tsx";
import { ImpactRows } from "./impact-rows.tsx";
import classes from "./toggle-dialog.module.css";
import { addresses } from "./pool-words.ts";
import { usePoolWrite } from "./use-pool-write.ts";
import { DryRunNote, WriteProblem } from "./write-problem.tsx";

interface Props {
  /** The pool as the person saw it. */
  readonly pool: Pool;
  readonly onClose: () => void;
  readonly onDone: (pool: Pool) => void;
}

/** Asks, with facts, before a pool is disabled or enabled. */
export function ToggleDialog({ pool, onClose, onDone }: Props) {
  const disabled = !pool.disabled;
  const action = disabled ? "disable" : "enable";
  const verb = disabled ? "Disable" : "Enable";
  const change = { disabled };
  const write = usePoolWrite(pool, change, { onDone });
  const impact = useQuery({ ...poolQueries.impact(pool.name, action), staleTime: 0 });
  const obstacle = useWriteObstacle();
  const [typed, setTyped] = useState("");
  const { conflict, dryRun, problem } = write;
  const settled = conflict !== null && alreadySo(conflict, change);
  const mustType = impact.data?.confirm === "typeName";
  const ready =
    impact.data !== undefined &&
    obstacle === null &&
    conflict === null &&
    dryRun.status === "accepted" &&
    (!mustType || typed === pool.name);
  const command = `calicoctl patch ippool ${pool.name} -p '{"spec": {"disabled": ${String(disabled)}}}'`;
  return (
    <Dialog
      opened
      onClose={onClose}
      title={
        <>
          {verb} <Foreign>{pool.name}</Foreign>?
        </>
      }
      lead={disabled ? stops(write.base) : "It gives addresses again at once."}
      confirm={mustType && conflict === null ? { name: pool.name, typed, onType: setTyped } : null}
      note={
        <>
          {conflict === null ? (
            <p>
              <DryRunNote dryRun={dryRun} />
            </p>
          ) : null}
          <CopyLink text={command}>Copy the calicoctl command</CopyLink>
        </>
      }
      actions={
        <>
          <Button size="md" onClick={onClose} data-autofocus>
            {settled ? "Close" : "Cancel"}
          </Button>
          {conflict === null ? (
            <Button
              size="md"
              variant={disabled ? "danger" : "filled"}
              disabled={!ready}
              loading={write.sending}
              onClick={write.send}
            >
              {verb} {pool.name}
            </Button>
          ) : settled ? null : (
            <Button size="md" onClick={write.rebase}>
              Apply mine on top
            </Button>
          )}
        </>
      }
    >
      {conflict === null ? (
        <>
          <div className={classes.problems}>
            {obstacle === null ? null : <p role="status">{obstacle}</p>}
            {problem === null ? null : <WriteProblem problem={problem} />}
            {dryRun.status === "refused" && problem === null ? (
              <WriteProblem problem={dryRun.problem} />
            ) : null}
          </div>
          {impact.data === undefined ? (
            <div className={classes.loading}>
              <QueryView query={impact} what={`Working out what changes when ${pool.name} is ${action}d`}>
                {() => null}
              </QueryView>
            </div>
          ) : (
            <>
              <div className={classes.inset}>
                <MissingNotice of={[impact.data]} />
              </div>
              <ImpactRows impact={impact.data} />
            </>
          )}
        </>
      ) : (
        <Conflict seen={write.base} theirs={conflict} change={change} />
      )}
    </Dialog>
  );
}

function stops(pool: Pool): string {
  const { inUse } = pool.usage;
  const keeps =
    inUse === null || inUse === "0"
      ? ""
      : ` ${addresses(inUse)} in use ${inUse === "1" ? "stays" : "stay"} with ${inUse === "1" ? "its holder" : "their holders"}.`;
  return `It stops giving addresses at once.${keeps}`;
}
