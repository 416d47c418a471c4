"use client";
import { Button } from "@mantine/core";
import { type May, useWriteObstacle } from "@/lib/queries/use-live.ts";
import classes from "./create-dialog.module.css";
import { Dialog } from "./dialog.tsx";
import { Forbidden, Notice } from "./states.tsx";

interface Props {
  /** What is made: “pool”. */
  readonly noun: string;
  readonly lead: string;
  readonly may: May;
  /** What a dry run says of the form as it stands; null: it was not asked. */
  readonly dryRun: "running" | "accepted" | null;
  readonly creating: boolean;
  readonly onCreate: () => void;
  readonly onClose: () => void;
  /** The form. */
  readonly children: React.ReactNode;
}

/** Something new by form: it is made once the API server has accepted a dry run of it. */
export function CreateDialog({ noun, lead, may, dryRun, creating, onCreate, onClose, children }: Props) {
  const obstacle = useWriteObstacle();
  return (
    <Dialog
      opened
      onClose={onClose}
      title={`New ${noun}`}
      lead={lead}
      note={<span role="status">{obstacle ?? (dryRun === null ? "" : dryRunWords[dryRun])}</span>}
      actions={
        <>
          <Button size="md" onClick={onClose}>
            Cancel
          </Button>
          <Button
            size="md"
            variant="filled"
            disabled={dryRun !== "accepted" || obstacle !== null}
            loading={creating}
            onClick={onCreate}
          >
            Create {noun}
          </Button>
        </>
      }
    >
      <div className={classes.form}>
        {may.permission && !may.pending ? <Forbidden permission={may.permission} /> : null}
        {may.readOnly ? <Notice>Poolboard runs read-only: its server refuses every change.</Notice> : null}
        {children}
      </div>
    </Dialog>
  );
}

const dryRunWords = {
  running: "Asking the API server for a dry run",
  accepted: "The API server accepted a dry run.",
} as const;
