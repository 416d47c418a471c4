"use client";
import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import type { Pool, PoolChange } from "@/lib/contract/pools.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { livesElsewhere, ownerToOverride } from "@/lib/ipam/pool-owner.ts";
import { poolQueries } from "@/lib/queries/pools.ts";
import { useMay, useWriteObstacle } from "@/lib/queries/use-live.ts";
import { Dialog, DialogRow } from "../ui/dialog.tsx";
import { MissingNotice } from "../ui/missing.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Notice } from "../ui/states.tsx";
import { Foreign } from "../ui/value.tsx";
import { showWritten } from "./after-write.ts";
import { ChangeList, Conflict } from "./conflict.tsx";
import classes from "./edit-dialog.module.css";
import { ImpactRows } from "./impact-rows.tsx";
import { LockedDialog } from "./locked-dialog.tsx";
import { OutcomeUnknownDialog } from "./outcome-unknown-dialog.tsx";
import { alreadySo } from "./pool-fields.ts";
import { useImpact } from "./use-impact.ts";
import { type PoolWrite, usePoolWrite } from "./use-pool-write.ts";
import { DryRunNote, WriteProblem } from "./write-problem.tsx";

interface Props {
  /** The pool as the person saw it. */
  readonly pool: Pool;
  readonly title: React.ReactNode;
  readonly lead: React.ReactNode;
  readonly change: PoolChange;
  /** Nothing is wrong with the change as far as is known without asking. */
  readonly sound: boolean;
  /** Somebody was faster and the change goes on top of theirs: what is edited is to start from theirs. */
  readonly onRebase: (theirs: Pool) => void;
  readonly onClose: () => void;
  /** What is edited; `refusal`: what the API server says is wrong with it, and its own way to show that. */
  readonly children: (refusal: Problem | null) => React.ReactNode;
  /** Whether `children` shows the refusal by field, so that it need not be said again. */
  readonly showsRefusal: (refusal: Problem) => boolean;
}

/** An edit of a pool, however it is made: what it would do, a dry run, and what to do when somebody was faster or no answer came. */
export function EditDialog(props: Props) {
  const { pool, change, sound, onClose } = props;
  const may = useMay("pools.update");
  const [anyway, setAnyway] = useState(false);
  const [locked, setLocked] = useState(false);
  const isElsewhere = livesElsewhere(pool.managedBy) && !anyway;
  const [settled] = useDebouncedValue(JSON.stringify(change), 350);
  const isSettled = settled === JSON.stringify(change);
  const changed = Object.keys(change).length > 0;
  const overrideOwner = anyway ? ownerToOverride(pool.managedBy) : undefined;
  const write = usePoolWrite(pool, change, {
    enabled: changed && sound && isSettled && !isElsewhere,
    ...(overrideOwner === undefined ? {} : { overrideOwner }),
    onDone: ({ name }, activity) => {
      showWritten({ text: `${name} changed`, activity });
      onClose();
    },
  });
  if (write.lost !== null)
    return <OutcomeUnknownDialog write={write} lost={write.lost} change={change} onClose={onClose} />;
  if (locked) {
    return (
      <LockedDialog
        pool={pool}
        may={may}
        asked={{ action: "update", change }}
        onClose={() => setLocked(false)}
        onAnyway={() => {
          setAnyway(true);
          setLocked(false);
        }}
      />
    );
  }
  return (
    <Editor
      {...props}
      write={write}
      anyway={anyway}
      ready={changed && sound && isSettled}
      changed={changed}
      onElsewhere={isElsewhere ? () => setLocked(true) : null}
    />
  );
}

interface EditorProps extends Props {
  readonly write: PoolWrite;
  /** It is somebody else's, and is changed here all the same. */
  readonly anyway: boolean;
  /** It is somebody else's: shows where it is changed. Null: it is changed here. */
  readonly onElsewhere: (() => void) | null;
  /** The change is whole, and the API server is asked about it. */
  readonly ready: boolean;
  readonly changed: boolean;
}

function Editor({ write, anyway, onElsewhere, ready, changed, ...props }: EditorProps) {
  const { pool, title, lead, change, sound, onRebase, onClose, children, showsRefusal } = props;
  const obstacle = useWriteObstacle();
  const [typed, setTyped] = useState("");
  const { base, conflict, dryRun } = write;
  const question = poolQueries.impact(base.name, "update", change, base.resourceVersion);
  const impact = useImpact({ ...question, enabled: ready && conflict === null });
  const facts = ready ? impact.query.data : undefined;
  const refusal = write.problem ?? (dryRun.status === "refused" ? dryRun.problem : null);
  const isShown = refusal !== null && showsRefusal(refusal);
  const done = conflict !== null && alreadySo(conflict, change);
  const mustType = anyway || facts?.confirm === "typeName";
  const mayClick =
    ready &&
    facts !== undefined &&
    dryRun.status === "accepted" &&
    obstacle === null &&
    (!mustType || typed === base.name);
  // What was sent may have arrived: that is looked into instead of going away.
  const close = write.sending ? write.stopWaiting : onClose;
  return (
    <Dialog
      opened
      onClose={close}
      title={title}
      lead={lead}
      confirm={
        changed && mustType && conflict === null && onElsewhere === null
          ? { name: base.name, typed, onType: setTyped }
          : null
      }
      note={
        obstacle ??
        (conflict === null && changed && sound && onElsewhere === null ? (
          <DryRunNote dryRun={dryRun} />
        ) : null)
      }
      actions={
        <>
          <Button size="md" onClick={close}>
            {done ? "Close" : "Cancel"}
          </Button>
          {onElsewhere !== null ? (
            <Button size="md" variant="filled" disabled={!ready} onClick={onElsewhere}>
              Show where to change it
            </Button>
          ) : conflict === null ? (
            <Button
              size="md"
              variant={facts?.confirm === "typeName" ? "danger" : "filled"}
              disabled={!mayClick}
              loading={write.sending}
              onClick={write.send}
            >
              Save changes
            </Button>
          ) : done ? null : (
            <Button
              size="md"
              onClick={() => {
                setTyped("");
                onRebase(conflict);
                write.rebase();
              }}
            >
              Apply mine on top
            </Button>
          )}
        </>
      }
    >
      {conflict !== null ? (
        <Conflict seen={base} theirs={conflict} change={change} changedBack={write.changedBack} />
      ) : (
        <>
          <div className={classes.body}>
            {children(refusal)}
            {refusal !== null && !isShown ? <WriteProblem problem={refusal} /> : null}
            {impact.changed ? <Notice>What it would do has changed since you began.</Notice> : null}
          </div>
          {changed ? (
            <DialogRow head={<span>Changes</span>}>
              <ChangeList seen={base} change={change} />
            </DialogRow>
          ) : null}
          {!ready ? null : facts === undefined ? (
            <div className={classes.loading}>
              <QueryView query={impact.query} what={`Working out what this changes about ${pool.name}`}>
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
      )}
    </Dialog>
  );
}

/** “Settings of external-pool”. */
export function EditTitle({ what, pool }: { what: string; pool: Pool }) {
  return (
    <>
      {what} of <Foreign>{pool.name}</Foreign>
    </>
  );
}
