"use client";
import { Button } from "@mantine/core";
import type { Pool } from "@/lib/contract/pools.ts";
import type { May } from "@/lib/queries/use-live.ts";
import { CopyButton } from "../ui/copy.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Forbidden } from "../ui/states.tsx";
import { Foreign } from "../ui/value.tsx";
import { Yaml } from "../ui/yaml.tsx";
import classes from "./locked-dialog.module.css";

/** Why a pool cannot be changed here, and where it can: read-only mode, a missing permission, or the operator's pool. */
export function LockedDialog({ pool, may, onClose }: { pool: Pool; may: May; onClose: () => void }) {
  const operator = may.allowed;
  const entry = installationEntry(pool);
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
        <>
          {operator ? (
            <CopyButton size="md" text="kubectl edit installation default">
              Copy the kubectl command
            </CopyButton>
          ) : null}
          <Button size="md" onClick={onClose} data-autofocus>
            Close
          </Button>
        </>
      }
    >
      <div className={classes.body}>
        {operator ? (
          <>
            <p>
              The operator owns this pool and reverts direct edits within seconds. Change its entry in the
              Installation instead:
            </p>
            <Yaml text={entry} label="Entry of the Installation" />
          </>
        ) : may.readOnly ? (
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

// Source: projectcalico/calico operator docs, Installation spec.calicoNetwork.ipPools[].disableNewAllocations
function installationEntry(pool: Pool): string {
  return `spec:\n  calicoNetwork:\n    ipPools:\n      - name: ${pool.name}\n        cidr: ${pool.cidr}\n        disableNewAllocations: ${String(!pool.disabled)}\n`;
}
