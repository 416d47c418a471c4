"use client";
import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Pool } from "@/lib/contract/pools.ts";
import { clusterQueries } from "@/lib/queries/cluster.ts";
import { useWriteObstacle } from "@/lib/queries/use-live.ts";
import { Dialog, DialogRow } from "../ui/dialog.tsx";
import { showToast } from "../ui/toast.tsx";
import { Foreign } from "../ui/value.tsx";
import { Conflict, ChangeList } from "./conflict.tsx";
import { fieldErrors } from "./draft-errors.ts";
import { PoolFields } from "./pool-form-fields.tsx";
import { changeErrors, changeOf, draftOf } from "./settings-draft.ts";
import classes from "./form-dialog.module.css";
import { alreadySo } from "./pool-fields.ts";
import { usePoolWrite } from "./use-pool-write.ts";
import { DryRunNote, WriteProblem } from "./write-problem.tsx";

/** Changes what Calico lets change about a pool: checked while it is edited, previewed, written to the version that was seen. */
export function SettingsDialog({ pool, onClose }: { pool: Pool; onClose: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(pool));
  const [seen] = useState(pool);
  const version = useQuery(clusterQueries.cluster()).data?.calico.version ?? null;
  const obstacle = useWriteObstacle();
  const change = changeOf(seen, draft);
  const changed = Object.keys(change).length > 0;
  const own = changeErrors(seen, draft, version);
  const sound = Object.keys(own).length === 0;
  const [settled] = useDebouncedValue(draft, 350);
  const write = usePoolWrite(seen, change, {
    enabled: changed && sound && settled === draft,
    onDone: (written) => {
      showToast({ text: `${written.name} changed`, shape: "dot", tone: "ok" });
      onClose();
    },
  });
  const { conflict, dryRun } = write;
  const problem = write.problem ?? (dryRun.status === "refused" ? dryRun.problem : null);
  const theirs = problem === null ? {} : fieldErrors(problem);
  const done = conflict !== null && alreadySo(conflict, change);
  return (
    <Dialog
      opened
      onClose={onClose}
      title={
        <>
          Settings of <Foreign>{pool.name}</Foreign>
        </>
      }
      lead="CIDR and block size stay as they are. Addresses in use keep what they have until their pods restart."
      note={obstacle ?? (conflict === null && changed && sound ? <DryRunNote dryRun={dryRun} /> : null)}
      actions={
        <>
          <Button size="md" onClick={onClose}>
            {done ? "Close" : "Cancel"}
          </Button>
          {conflict === null ? (
            <Button
              size="md"
              variant="filled"
              disabled={
                !changed || !sound || settled !== draft || dryRun.status !== "accepted" || obstacle !== null
              }
              loading={write.sending}
              onClick={write.send}
            >
              Save changes
            </Button>
          ) : done ? null : (
            <Button size="md" onClick={write.rebase}>
              Apply mine on top
            </Button>
          )}
        </>
      }
    >
      {conflict === null ? (
        <>
          <div className={classes.body}>
            <PoolFields
              draft={draft}
              errors={{ ...theirs, ...own }}
              change={(part) => setDraft({ ...draft, ...part })}
              existing
            />
            {problem !== null && Object.keys(theirs).length === 0 ? <WriteProblem problem={problem} /> : null}
          </div>
          {changed ? (
            <DialogRow head={<span>Changes</span>}>
              <ChangeList seen={write.base} change={change} />
            </DialogRow>
          ) : null}
        </>
      ) : (
        <Conflict seen={write.base} theirs={conflict} change={change} />
      )}
    </Dialog>
  );
}
