"use client";
import { Button } from "@mantine/core";
import Link from "next/link";
import { Dialog } from "../ui/dialog.tsx";
import { Foreign } from "../ui/value.tsx";
import { activityHref } from "./activity-href.ts";
import type { UndoRefusal } from "./after-write-state.ts";
import { mayHaveHappened } from "./outcome-unknown.ts";
import classes from "./undo-refused.module.css";
import { WriteProblem } from "./write-problem.tsx";

/** Why a write was not taken back: what has changed since and by whom, a missing permission, or that nobody knows. */
export function UndoRefused({ refusal, onClose }: { refusal: UndoRefusal; onClose: () => void }) {
  const { activity, text, problem } = refusal;
  const isUnknown = mayHaveHappened(problem);
  return (
    <Dialog
      opened
      onClose={onClose}
      title={isUnknown ? "Was it taken back?" : "It was not taken back"}
      lead={
        <>
          You asked to take back: <Foreign>{text}</Foreign>.
        </>
      }
      actions={
        <>
          <Button size="md" component={Link} prefetch={false} href={activityHref(activity)} onClick={onClose}>
            Open the log
          </Button>
          <Button size="md" onClick={onClose} data-autofocus>
            Close
          </Button>
        </>
      }
    >
      <div className={classes.body}>
        <WriteProblem problem={problem} />
        {isUnknown ? (
          <p>The request is not sent again by itself. The log and the pool show whether it arrived.</p>
        ) : null}
      </div>
    </Dialog>
  );
}
