"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useMemo, useState } from "react";
import type { Pool } from "@/lib/contract/pools.ts";
import { putPool } from "@/lib/queries/apply-change.ts";
import { poolQueries, updatePool } from "@/lib/queries/pools.ts";
import { useMay } from "@/lib/queries/use-live.ts";
import { showToast } from "../ui/toast.tsx";
import { mattersToSomebody } from "./impact-rows.tsx";
import { LockedDialog } from "./locked-dialog.tsx";
import { ToggleDialog } from "./toggle-dialog.tsx";

interface Toggle {
  /** Turns the pool the other way: asks with facts when anybody is concerned, else does it. */
  readonly start: (pool: Pool) => void;
  /** Name of the pool that is being turned without a dialog. */
  readonly waitingFor: string | null;
}

const ToggleContext = createContext<Toggle | null>(null);

/** The one way to turn a pool off or on. */
export function useToggle(): Toggle {
  const toggle = useContext(ToggleContext);
  if (toggle === null) throw new Error("useToggle needs a ToggleProvider above it");
  return toggle;
}

/** Holds the dialog that asks before a pool is turned off or on. */
export function ToggleProvider({ children }: { children: React.ReactNode }) {
  const client = useQueryClient();
  const may = useMay("pools.update");
  const [asked, setAsked] = useState<Pool | null>(null);
  const turnOn = useMutation({
    mutationFn: async (pool: Pool) => {
      const impact = await client.query({ ...poolQueries.impact(pool.name, "enable"), staleTime: 0 });
      if (mattersToSomebody(impact)) return null;
      return updatePool(pool.name, { uid: pool.uid, resourceVersion: pool.resourceVersion, disabled: false });
    },
    onSuccess: (written, pool) => {
      if (written === null) return setAsked(pool);
      putPool(client, written);
      toggled(written);
    },
    // The dialog repeats the request and shows why it fails.
    onError: (_error, pool) => setAsked(pool),
  });
  const locked = !may.allowed || asked?.managedBy.kind === "operator";
  const waitingFor = turnOn.isPending ? turnOn.variables.name : null;
  const { mutate } = turnOn;
  const toggle = useMemo<Toggle>(
    () => ({
      waitingFor,
      start: (pool) => {
        if (pool.disabled && may.allowed && pool.managedBy.kind !== "operator") mutate(pool);
        else setAsked(pool);
      },
    }),
    [waitingFor, mutate, may.allowed],
  );
  return (
    <ToggleContext value={toggle}>
      {children}
      {asked === null ? null : locked ? (
        <LockedDialog pool={asked} may={may} onClose={() => setAsked(null)} />
      ) : (
        <ToggleDialog
          key={`${asked.name} ${asked.disabled}`}
          pool={asked}
          onClose={() => setAsked(null)}
          onDone={(pool) => {
            setAsked(null);
            toggled(pool);
          }}
        />
      )}
    </ToggleContext>
  );
}

function toggled(pool: Pool): void {
  showToast({
    text: `${pool.name} ${pool.disabled ? "disabled" : "enabled"}`,
    shape: pool.disabled ? "ring" : "dot",
    tone: pool.disabled ? "muted" : "ok",
  });
}
