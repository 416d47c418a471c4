"use client";
import { Button } from "@mantine/core";
import { useState } from "react";
import type { Pool } from "@/lib/contract/pools.ts";
import { useMay, useWriteObstacle } from "@/lib/queries/use-live.ts";
import { LockIcon } from "../ui/icons.tsx";
import { LockedDialog } from "./pool-dialogs.ts";

interface Props {
  readonly pool: Pool;
  readonly label: string;
  /** The dialog that edits. */
  readonly children: (props: { onClose: () => void }) => React.ReactNode;
}

/** Opens an editor of the pool, or says why there is none. */
export function EditButton({ pool, label, children }: Props) {
  const [open, setOpen] = useState(false);
  const may = useMay("pools.update");
  const obstacle = useWriteObstacle();
  const locked = !may.pending && !may.allowed;
  const onClose = () => setOpen(false);
  return (
    <>
      <Button
        disabled={obstacle !== null || may.pending}
        title={obstacle ?? undefined}
        leftSection={locked ? <LockIcon /> : undefined}
        onClick={() => setOpen(true)}
      >
        {label}
      </Button>
      {!open ? null : locked ? (
        <LockedDialog pool={pool} may={may} asked={{ action: "update", change: {} }} onClose={onClose} />
      ) : (
        children({ onClose })
      )}
    </>
  );
}
