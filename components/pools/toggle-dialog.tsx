"use client";
import { Button } from "@mantine/core";
import { useState } from "react";
import type { Pool } from "@/lib/contract/pools.ts";
import { ownerToOverride } from "@/lib/ipam/pool-owner.ts";
import { poolQueries } from "@/lib/queries/pools.ts";
import { useWriteObstacle } from "@/lib/queries/use-live.ts";
import { CopyLink } from "../ui/copy.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { MissingNotice } from "../ui/missing.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Notice } from "../ui/states.tsx";
import { Foreign } from "../ui/value.tsx";
import { Conflict } from "./conflict.tsx";
import { ImpactRows } from "./impact-rows.tsx";
import type { Lost } from "./outcome-unknown.ts";
import { OutcomeUnknownDialog } from "./outcome-unknown-dialog.tsx";
import { alreadySo } from "./pool-fields.ts";
import classes from "./toggle-dialog.module.css";
import { addresses } from "./pool-words.ts";
import { useImpact } from "./use-impact.ts";
import { type PoolWrite, usePoolWrite } from "./use-pool-write.ts";
import { DryRunNote, WriteProblem } from "./write-problem.tsx";

interface Props {
  /** The pool as the person saw it. */
  readonly pool: Pool;
  /** It is somebody else's, and is changed here all the same. */
  readonly anyway: boolean;
  /** It was sent already, and no answer came. */
  readonly lost?: Lost | undefined;
  readonly onClose: () => void;
  readonly onDone: (pool: Pool, activity: string | null) => void;
}

/** Asks, with facts, before a pool is disabled or enabled. */
export function ToggleDialog({ pool, anyway, lost, onClose, onDone }: Props) {
  const change = { disabled: !pool.disabled };
  const overrideOwner = anyway ? ownerToOverride(pool.managedBy) : undefined;
  const write = usePoolWrite(pool, change, {
    lost,
    onDone,
    ...(overrideOwner === undefined ? {} : { overrideOwner }),
  });
  return write.lost === null ? (
    <Question write={write} change={change} anyway={anyway} onClose={onClose} />
  ) : (
    <OutcomeUnknownDialog write={write} lost={write.lost} change={change} onClose={onClose} />
  );
}

interface QuestionProps {
  readonly write: PoolWrite;
  readonly change: { readonly disabled: boolean };
  readonly anyway: boolean;
  readonly onClose: () => void;
}

function Question({ write, change, anyway, onClose }: QuestionProps) {
  const { base, conflict, dryRun } = write;
  const { name } = base;
  const { disabled } = change;
  const action = disabled ? "disable" : "enable";
  const verb = disabled ? "Disable" : "Enable";
  const impact = useImpact(poolQueries.impact(name, action, undefined, base.resourceVersion));
  const facts = impact.query.data;
  const obstacle = useWriteObstacle();
  const [typed, setTyped] = useState("");
  const settled = conflict !== null && alreadySo(conflict, change);
  const mustType = anyway || facts?.confirm === "typeName";
  const ready =
    facts !== undefined &&
    obstacle === null &&
    conflict === null &&
    dryRun.status === "accepted" &&
    (!mustType || typed === name);
  // What was sent may have arrived: that is looked into instead of going away.
  const close = write.sending ? write.stopWaiting : onClose;
  const command = `calicoctl patch ippool ${name} -p '{"spec": {"disabled": ${String(disabled)}}}'`;
  return (
    <Dialog
      opened
      onClose={close}
      title={
        <>
          {verb} <Foreign>{name}</Foreign>?
        </>
      }
      lead={disabled ? stops(base) : "It gives addresses again at once."}
      confirm={mustType && conflict === null ? { name, typed, onType: setTyped } : null}
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
          <Button size="md" onClick={close} data-autofocus>
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
              {verb} {name}
            </Button>
          ) : settled ? null : (
            <Button
              size="md"
              onClick={() => {
                setTyped("");
                write.rebase();
              }}
            >
              Apply mine on top
            </Button>
          )}
        </>
      }
    >
      {conflict === null ? (
        <>
          <div className={classes.problems}>
            <Hindrances write={write} obstacle={obstacle} changed={impact.changed} />
          </div>
          {facts === undefined ? (
            <div className={classes.loading}>
              <QueryView query={impact.query} what={`Working out what changes when ${name} is ${action}d`}>
                {() => null}
              </QueryView>
            </div>
          ) : (
            <>
              <div className={classes.inset}>
                <MissingNotice of={[facts]} />
              </div>
              <ImpactRows impact={facts} />
            </>
          )}
        </>
      ) : (
        <Conflict seen={base} theirs={conflict} change={change} changedBack={write.changedBack} />
      )}
    </Dialog>
  );
}

/** What stands in the way of the click, or has changed under it. */
function Hindrances({
  write: { dryRun, problem },
  obstacle,
  changed,
}: {
  write: PoolWrite;
  obstacle: string | null;
  changed: boolean;
}) {
  return (
    <>
      {obstacle === null ? null : <p role="status">{obstacle}</p>}
      {problem === null ? null : <WriteProblem problem={problem} />}
      {dryRun.status === "refused" && problem === null ? <WriteProblem problem={dryRun.problem} /> : null}
      {changed ? <Notice>What it would do has changed since you opened this.</Notice> : null}
    </>
  );
}

function stops(pool: Pool): string {
  const { inUse, byKind } = pool.usage;
  // No tunnel address stays in a disabled pool.
  const kept = inUse === null || byKind.tunnel === null ? 0n : BigInt(inUse) - BigInt(byKind.tunnel);
  const keeps =
    kept === 0n
      ? ""
      : ` ${addresses(kept)} in use ${kept === 1n ? "stays with its holder" : "stay with their holders"}.`;
  return `It stops giving addresses at once.${keeps}`;
}
