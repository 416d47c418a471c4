"use client";
import { Button } from "@mantine/core";
import type { Pool } from "@/lib/contract/pools.ts";
import { livesElsewhere } from "@/lib/ipam/pool-owner.ts";
import type { Asked } from "@/lib/queries/ownership.ts";
import type { May } from "@/lib/queries/use-live.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Forbidden } from "../ui/states.tsx";
import { Foreign } from "../ui/value.tsx";
import classes from "./locked-dialog.module.css";
import { OwnershipDialog } from "./ownership-dialog.tsx";

interface Props {
  readonly pool: Pool;
  readonly may: May;
  /** What the person wants of the pool. */
  readonly asked: Asked;
  readonly onClose: () => void;
  /** Changes it here although it is somebody else's. */
  readonly onAnyway?: () => void;
}

/** Why a pool cannot be changed here, and where it can: it is somebody else's, read-only mode, or a missing permission. */
export function LockedDialog({ pool, may, asked, onClose, onAnyway }: Props) {
  if (livesElsewhere(pool.managedBy)) {
    const isPossible = may.allowed && pool.managedBy.kind !== "operator";
    return (
      <OwnershipDialog
        pool={pool}
        asked={asked}
        onClose={onClose}
        onAnyway={isPossible ? onAnyway : undefined}
      />
    );
  }
  return (
    <Dialog
      opened
      onClose={onClose}
      title={
        <>
          <Foreign>{pool.name}</Foreign> is not changed here
        </>
      }
      actions={
        <Button size="md" onClick={onClose} data-autofocus>
          Close
        </Button>
      }
    >
      <div className={classes.body}>
        {may.readOnly ? (
          <p>Poolboard runs read-only: its server refuses every change.</p>
        ) : may.permission ? (
          <Forbidden permission={may.permission} />
        ) : (
          <p>You may not change pools.</p>
        )}
      </div>
    </Dialog>
  );
}
