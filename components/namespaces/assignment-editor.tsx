"use client";
import { Button } from "@mantine/core";
import Link from "next/link";
import type { Namespace } from "@/lib/contract/namespaces.ts";
import type { Pool } from "@/lib/contract/pools.ts";
import { useWriteObstacle } from "@/lib/queries/use-live.ts";
import { chooseHref } from "../choose/choose-href.ts";
import { showWritten } from "../pools/after-write.ts";
import { WriteProblem } from "../pools/write-problem.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Notice } from "../ui/states.tsx";
import { Foreign, Mono } from "../ui/value.tsx";
import { AssignmentConflict } from "./assignment-conflict.tsx";
import { AssignmentUnknown } from "./assignment-unknown.tsx";
import { effectOf } from "./choice-effect.ts";
import { isAssigned, valueOf } from "./pool-choice.ts";
import { PoolOrder } from "./pool-order.tsx";
import { type Assignment, useAssignment } from "./use-assignment.ts";
import classes from "./edit-pools.module.css";

interface Props {
  readonly namespace: Namespace;
  /** Null: not read, or not to be read. */
  readonly pools: readonly Pool[] | null;
  readonly onClose: () => void;
}

/** The pools of a namespace's new pods: chosen in order, previewed, checked by a dry run, saved as annotations. */
export function AssignmentEditor({ namespace, pools, onClose }: Props) {
  const obstacle = useWriteObstacle();
  const assignment = useAssignment(namespace, {
    enabled: obstacle === null,
    onDone: (activity) => {
      const text = `Pools of ${namespace.name} saved. Pods that run keep their addresses.`;
      showWritten({ text, activity });
      onClose();
    },
  });
  const { base, choice, choose, patch, changed, dryRun, conflict, lost } = assignment;
  if (lost !== null) return <AssignmentUnknown assignment={assignment} lost={lost} onClose={onClose} />;
  const six = pools?.some((pool) => pool.family === 6) || base.annotation.ipv6 !== null;
  const done = conflict !== null && isAssigned(conflict, patch);
  // What was sent may have arrived: that is looked into instead of going away.
  const close = assignment.sending ? assignment.stopWaiting : onClose;
  return (
    <Dialog
      opened
      onClose={close}
      title={
        <>
          Pools for new pods in <Foreign>{base.name}</Foreign>
        </>
      }
      lead="Pods that run keep their addresses. The list counts from the next pod on."
      note={<span role="status">{obstacle ?? (conflict === null ? dryRunWords[dryRun] : null)}</span>}
      actions={
        <>
          <Button onClick={close} data-autofocus>
            {done ? "Close" : "Cancel"}
          </Button>
          {conflict === null ? (
            <Button
              variant="filled"
              loading={assignment.sending}
              disabled={!changed || obstacle !== null || dryRun !== "accepted"}
              onClick={assignment.send}
            >
              {patch.ipv4pools === null || patch.ipv6pools === null ? "Remove annotation" : "Save annotation"}
            </Button>
          ) : done ? null : (
            <Button onClick={() => assignment.startOver(conflict)}>Apply mine on top</Button>
          )}
        </>
      }
    >
      {conflict === null ? (
        <>
          <div className={classes.body}>
            <PoolOrder
              label="IPv4"
              chosen={choice.ipv4}
              pools={pools?.filter((pool) => pool.family === 4) ?? null}
              onChange={(ipv4) => choose({ ...choice, ipv4 })}
            />
            {six ? (
              <PoolOrder
                label="IPv6"
                chosen={choice.ipv6}
                pools={pools?.filter((pool) => pool.family === 6) ?? null}
                onChange={(ipv6) => choose({ ...choice, ipv6 })}
              />
            ) : null}
          </div>
          <Preview assignment={assignment} pools={pools} />
        </>
      ) : (
        <AssignmentConflict seen={base} theirs={conflict} patch={patch} />
      )}
    </Dialog>
  );
}

const dryRunWords: Readonly<Record<Assignment["dryRun"], string | null>> = {
  none: "Nothing changed yet",
  running: "Dry run under way",
  accepted: "Dry run accepted",
  refused: null,
};

/** What is written, and what that means for pods. */
function Preview({ assignment, pools }: Pick<Props, "pools"> & { assignment: Assignment }) {
  const { base, choice, patch, changed, warnings, problem } = assignment;
  const annotation = (chosen: readonly string[]) => (chosen.length === 0 ? "" : JSON.stringify(chosen));
  return (
    <div className={classes.preview}>
      <h3>{changed ? "Writes" : "Stored now"}</h3>
      {(["ipv4", "ipv6"] as const).map((family) => {
        const key = `${family}pools` as const;
        const before = base.annotation[family];
        const after = patch[key] === undefined ? before : valueOf(patch[key]);
        if (before === null && after === null) return null;
        return (
          <div key={family} className={classes.diff}>
            <Mono wrap>{`cni.projectcalico.org/${key}:`}</Mono>
            {before !== null && before !== after ? (
              <del>
                <Mono wrap>{before}</Mono>
              </del>
            ) : null}
            {after === null ? (
              <span>removed</span>
            ) : before === after ? (
              <Mono wrap>{after}</Mono>
            ) : (
              <ins>
                <Mono wrap>{after}</Mono>
              </ins>
            )}
          </div>
        );
      })}
      <p className={classes.effect}>
        <Foreign>{effectOf(base, choice, pools)}</Foreign>{" "}
        <Link
          href={chooseHref({
            namespace: base.name,
            ipv4pools: annotation(choice.ipv4),
            ipv6pools: annotation(choice.ipv6),
          })}
        >
          What the next pod gets
        </Link>
      </p>
      {warnings.map((warning) => (
        <Notice key={warning}>
          <Foreign>{warning}</Foreign>
        </Notice>
      ))}
      {problem === null ? null : <WriteProblem problem={problem} />}
    </div>
  );
}
