"use client";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { Pool, PoolDelete, PoolDeleteResult } from "@/lib/contract/pools.ts";
import { deletePool, poolQueries } from "@/lib/queries/pools.ts";
import { toProblemError } from "@/lib/queries/problem-error.ts";
import { useWriteObstacle } from "@/lib/queries/use-live.ts";
import { Dialog, DialogRow } from "../ui/dialog.tsx";
import { Glyph, type GlyphShape, type Tone } from "../ui/glyph.tsx";
import { MissingNotice } from "../ui/missing.tsx";
import { showToast } from "../ui/toast.tsx";
import { Foreign } from "../ui/value.tsx";
import classes from "./delete-dialog.module.css";
import { ImpactRows } from "./impact-rows.tsx";
import { WriteProblem } from "./write-problem.tsx";

type Step = PoolDeleteResult["steps"][number];

/** Deletes a pool in Calico's own order, after its name was typed; shows each step before and after. */
export function DeleteDialog({
  pool,
  overrideOwner,
  onClose,
}: {
  pool: Pool;
  /** Whose it is, when it is deleted although it is somebody else's. */
  overrideOwner?: PoolDelete["overrideOwner"];
  onClose: () => void;
}) {
  const client = useQueryClient();
  const router = useRouter();
  const obstacle = useWriteObstacle();
  const [seen] = useState(pool);
  const [typed, setTyped] = useState("");
  const body = {
    uid: seen.uid,
    resourceVersion: seen.resourceVersion,
    confirm: seen.name,
    ...(overrideOwner === undefined ? {} : { overrideOwner }),
  };
  const impact = useQuery({ ...poolQueries.impact(seen.name, "delete"), staleTime: 0 });
  const plan = useQuery({
    queryKey: ["dry-run", "delete", seen.name, seen.resourceVersion],
    queryFn: () => deletePool(seen.name, body, true),
    gcTime: 0,
    staleTime: 0,
    retry: false,
    refetchInterval: false,
  });
  const run = useMutation({
    mutationFn: () => deletePool(seen.name, { ...body, confirm: typed }),
    onSettled: () => void client.invalidateQueries({ queryKey: ["pools"] }),
    onSuccess: ({ steps, terminating }) => {
      if (!steps.every((step) => step.outcome === "done")) return;
      const text = terminating
        ? `${seen.name} terminating: it goes once it is empty`
        : `${seen.name} deleted`;
      showToast({ text, shape: "ring" });
      router.push("/pools");
    },
  });
  const steps = run.data?.steps ?? plan.data?.steps ?? [];
  const error = run.error ?? plan.error;
  const problem = error === null ? null : toProblemError(error).problem;
  const possible = plan.data !== undefined && plan.data.steps.every((step) => step.outcome !== "failed");
  return (
    <Dialog
      opened
      onClose={onClose}
      title={
        <>
          Delete <Foreign>{seen.name}</Foreign>?
        </>
      }
      lead="The pool goes, with its empty blocks. This cannot be undone."
      confirm={possible && run.data === undefined ? { name: seen.name, typed, onType: setTyped } : null}
      note={obstacle}
      actions={
        <>
          <Button size="md" onClick={onClose} data-autofocus>
            {run.data === undefined ? "Cancel" : "Close"}
          </Button>
          <Button
            size="md"
            variant="danger"
            disabled={!possible || typed !== seen.name || obstacle !== null || run.data !== undefined}
            loading={run.isPending}
            onClick={() => run.mutate()}
          >
            Delete {seen.name}
          </Button>
        </>
      }
    >
      {problem === null ? null : (
        <div className={classes.problem}>
          <WriteProblem problem={problem} />
        </div>
      )}
      {impact.data === undefined ? null : (
        <>
          <div className={classes.inset}>
            <MissingNotice of={[impact.data]} />
          </div>
          <ImpactRows impact={impact.data} />
        </>
      )}
      {steps.length === 0 ? null : (
        <DialogRow head={<span>Steps</span>} what="in Calico's own order">
          <ol className={classes.steps}>
            {steps.map((step) => (
              <StepRow key={step.name} step={step} />
            ))}
          </ol>
        </DialogRow>
      )}
    </Dialog>
  );
}

const outcomes: Record<Step["outcome"], { shape: GlyphShape; tone: Tone; word: string }> = {
  done: { shape: "dot", tone: "ok", word: "Done" },
  planned: { shape: "ring", tone: "muted", word: "Planned" },
  skipped: { shape: "ring", tone: "muted", word: "Not reached" },
  failed: { shape: "cross", tone: "crit", word: "Failed" },
  unknown: { shape: "triangle", tone: "warn", word: "Outcome unknown" },
};

const names: Record<Step["name"], string> = {
  check: "Check that nothing uses it",
  disable: "Disable it",
  wait: "Wait",
  releaseAffinities: "Release its blocks",
  delete: "Delete the object",
};

function StepRow({ step }: { step: Step }) {
  const { shape, tone, word } = outcomes[step.outcome];
  return (
    <li className={classes.step}>
      <Glyph shape={shape} tone={tone} />
      <span className={classes.name}>{names[step.name]}</span>
      <span className={classes.detail}>
        {step.outcome === "planned" || step.outcome === "done" ? null : `${word}. `}
        <Foreign>{step.detail}</Foreign>
      </span>
    </li>
  );
}
