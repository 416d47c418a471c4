"use client";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Pool, type PoolDelete, type PoolDeleteResult } from "@/lib/contract/pools.ts";
import { dropPool } from "@/lib/queries/apply-change.ts";
import { deletePool, poolQueries } from "@/lib/queries/pools.ts";
import { toProblemError } from "@/lib/queries/problem-error.ts";
import { useWriteObstacle } from "@/lib/queries/use-live.ts";
import { Dialog } from "../ui/dialog.tsx";
import { MissingNotice } from "../ui/missing.tsx";
import { Loading, Notice } from "../ui/states.tsx";
import { showToast } from "../ui/toast.ts";
import { Foreign } from "../ui/value.tsx";
import classes from "./delete-dialog.module.css";
import { DeleteHolds } from "./delete-holds.tsx";
import { progressOf } from "./delete-progress.ts";
import { DeleteSteps } from "./delete-steps.tsx";
import { ImpactRows } from "./impact-rows.tsx";
import { useLateFailure } from "./late-failure.ts";
import { WriteProblem } from "./write-problem.tsx";

interface Props {
  readonly pool: Pool;
  /** Whose it is, when it is deleted although it is somebody else's. */
  readonly overrideOwner?: PoolDelete["overrideOwner"];
  readonly onClose: () => void;
}

/**
 * Deletes a pool in Calico's own order, after its name was typed: each step before, during and after. What ended half way can be
 * gone on with, from the pool as it is then.
 */
export function DeleteDialog({ pool, overrideOwner, onClose }: Props) {
  const client = useQueryClient();
  const router = useRouter();
  const obstacle = useWriteObstacle();
  const [seen, setSeen] = useState(pool);
  const [typed, setTyped] = useState("");
  const { name, uid, resourceVersion } = seen;
  const body = {
    uid,
    resourceVersion,
    confirm: name,
    ...(overrideOwner === undefined ? {} : { overrideOwner }),
  };
  const impact = useQuery({ ...poolQueries.impact(name, "delete"), staleTime: 0 });
  const live = useQuery(poolQueries.detail(name));
  const plan = useQuery({
    queryKey: ["dry-run", "delete", name, resourceVersion],
    queryFn: () => deletePool(name, body, true),
    gcTime: 0,
    staleTime: 0,
    retry: false,
    refetchInterval: false,
  });
  const done = (terminating: boolean) => {
    showToast({
      text: terminating ? `${name} terminating: it goes once it is empty` : `${name} deleted`,
      shape: "ring",
    });
    router.push("/pools");
  };
  const reread = () => void client.invalidateQueries({ queryKey: poolQueries.all() });
  const tellLate = useLateFailure();
  const run = useMutation({
    mutationFn: () => deletePool(name, { ...body, confirm: typed }),
    onSuccess: ({ steps, terminating }) => {
      const isDone = steps.every((step) => step.outcome === "done");
      if (isDone && !terminating) dropPool(client, name);
      else reread();
      if (isDone) done(terminating);
      else tellLate(name, "deleted", problemOf(steps));
    },
    onError: (failure) => {
      tellLate(name, "deleted", toProblemError(failure).problem);
      reread();
    },
  });
  const again = useMutation({
    mutationFn: async (theirs: Pool | null) =>
      theirs ?? client.fetchQuery({ ...poolQueries.detail(name), staleTime: 0, retry: false }),
    onSuccess: (now) => {
      setTyped("");
      setSeen(now);
      run.reset();
    },
    // The pool went after all.
    onError: (error) => {
      if (toProblemError(error).problem.status === 404) done(false);
    },
  });
  const error = again.error ?? run.error ?? plan.error;
  const problem = error === null ? null : toProblemError(error).problem;
  const possible = plan.data !== undefined && plan.data.steps.every((step) => step.outcome !== "failed");
  const ended = run.data !== undefined || run.error !== null;
  const told = run.data?.steps ?? plan.data?.steps ?? [];
  const gone = live.error !== null && toProblemError(live.error).problem.status === 404;
  const steps = run.isPending ? progressOf(told, seen, gone ? null : (live.data ?? seen)) : told;
  const halfWay = run.data !== undefined && !run.data.steps.every((step) => step.outcome === "done");
  const theirs = Pool.safeParse(problem?.current);
  return (
    <Dialog
      opened
      onClose={onClose}
      title={
        <>
          Delete <Foreign>{name}</Foreign>?
        </>
      }
      lead="The pool goes, with its empty blocks. This cannot be undone."
      confirm={possible && !ended ? { name, typed, onType: setTyped } : null}
      note={
        obstacle ??
        (run.isPending ? (
          <span role="status">Deleting. Closing this does not stop it.</span>
        ) : plan.isSuccess && !ended ? (
          <span role="status">The API server accepted a dry run.</span>
        ) : null)
      }
      actions={
        <>
          <Button size="md" onClick={onClose} data-autofocus>
            {ended ? "Close" : "Cancel"}
          </Button>
          {halfWay || problem?.code === "conflict" || problem?.code === "outcome-unknown" ? (
            <Button
              size="md"
              loading={again.isPending}
              disabled={obstacle !== null}
              onClick={() => again.mutate(theirs.success ? theirs.data : null)}
            >
              {halfWay ? "Go on from here" : "Look at it again"}
            </Button>
          ) : (
            <Button
              size="md"
              variant="danger"
              disabled={!possible || typed !== name || obstacle !== null || ended}
              loading={run.isPending}
              onClick={() => run.mutate()}
            >
              Delete {name}
            </Button>
          )}
        </>
      }
    >
      {problem === null && !halfWay ? null : (
        <div className={classes.problem}>
          {problem === null ? null : <WriteProblem problem={problem} />}
          {halfWay ? (
            <Notice>It ended half way. Nothing is taken back; going on begins with what is left.</Notice>
          ) : null}
        </div>
      )}
      {plan.isPending ? (
        <div className={classes.problem}>
          <Loading what="Asking the API server for a dry run" />
        </div>
      ) : null}
      <DeleteHolds name={name} />
      {impact.data === undefined ? null : (
        <>
          <div className={classes.inset}>
            <MissingNotice of={[impact.data]} />
          </div>
          <ImpactRows impact={impact.data} />
        </>
      )}
      {steps.length === 0 ? null : <DeleteSteps steps={steps} />}
    </Dialog>
  );
}

/** The step at which it ended. */
function problemOf(steps: PoolDeleteResult["steps"]) {
  const step = steps.find(({ outcome }) => outcome !== "done");
  const code = step?.outcome === "unknown" ? "outcome-unknown" : "failed";
  return { code, status: 0, title: step?.detail ?? "" };
}
