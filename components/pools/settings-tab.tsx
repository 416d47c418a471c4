"use client";
import { Button } from "@mantine/core";
import { useState } from "react";
import type { Pool } from "@/lib/contract/pools.ts";
import { useMay, useWriteObstacle } from "@/lib/queries/use-live.ts";
import { Settings } from "../ui/facts.tsx";
import { FilterBar } from "../ui/filter-bar.tsx";
import { LockIcon } from "../ui/icons.tsx";
import { Age, Foreign, Mono } from "../ui/value.tsx";
import { LockedDialog } from "./locked-dialog.tsx";
import { SettingsDialog } from "./settings-dialog.tsx";
import { settingsWords } from "./settings-words.ts";

/** Every field of the pool in plain words, and the way to change those that can be. */
export function SettingsTab({ pool }: { pool: Pool }) {
  const [open, setOpen] = useState(false);
  const may = useMay("pools.update");
  const obstacle = useWriteObstacle();
  const locked = !may.pending && (!may.allowed || pool.managedBy.kind === "operator");
  return (
    <>
      <FilterBar
        tools={
          <Button
            disabled={obstacle !== null || may.pending}
            title={obstacle ?? undefined}
            leftSection={locked ? <LockIcon /> : undefined}
            onClick={() => setOpen(true)}
          >
            Edit settings
          </Button>
        }
      >
        <p>
          Created <Age since={pool.createdAt} suffix=" ago" />.
        </p>
      </FilterBar>
      <Settings
        rows={settingsWords(pool).map(({ label, value, note, mono }) => ({
          label,
          value: mono ? <Mono wrap>{value}</Mono> : <Foreign>{value}</Foreign>,
          ...(note === "" ? {} : { note }),
        }))}
      />
      {!open ? null : locked ? (
        <LockedDialog pool={pool} may={may} onClose={() => setOpen(false)} />
      ) : (
        <SettingsDialog pool={pool} onClose={() => setOpen(false)} />
      )}
    </>
  );
}
