"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useMemo, useState } from "react";
import type { Pool } from "@/lib/contract/pools.ts";
import { putPool } from "@/lib/queries/apply-change.ts";
import { requestIdOf } from "@/lib/queries/http.ts";
import { livesElsewhere } from "@/lib/ipam/pool-owner.ts";
import { poolQueries, updatePool } from "@/lib/queries/pools.ts";
import { toProblemError } from "@/lib/queries/problem-error.ts";
import { useMay } from "@/lib/queries/use-live.ts";
import { usePrefetch } from "../ui/lazily.tsx";
import { showWritten } from "./after-write.ts";
import { mattersToSomebody } from "./impact-count.ts";
import { type Lost, mayHaveHappened } from "./outcome-unknown.ts";
import { LockedDialog, ToggleDialog } from "./pool-dialogs.ts";

interface Toggle {
  /** Turns the pool the other way: asks with facts when anybody is concerned, else does it. */
  readonly start: (pool: Pool) => void;
  /** Name of the pool that is being turned without a dialog. */
  readonly waitingFor: string | null;
}

const dialogs = [ToggleDialog, LockedDialog];

const ToggleContext = createContext<Toggle | null>(null);

/** The one way to turn a pool off or on. */
export function useToggle(): Toggle {
  const toggle = useContext(ToggleContext);
  if (toggle === null) throw new Error("useToggle needs a ToggleProvider above it");
  return toggle;
}

interface Asked {
  readonly pool: Pool;
  /** The person knows whose it is, and changes it here all the same. */
  readonly anyway?: boolean;
  /** It was sent without a dialog, and no answer came. */
  readonly lost?: Lost;
}

/** Holds the dialogs that stand before a pool is turned off or on: whose it is, then what it would do. */
export function ToggleProvider({ children }: { children: React.ReactNode }) {
  const client = useQueryClient();
  usePrefetch(dialogs);
  const may = useMay("pools.update");
  const [asked, setAsked] = useState<Asked | null>(null);
  const turnOn = useMutation({
    mutationFn: async (pool: Pool): Promise<Pool | Asked> => {
      const impact = await client.query({ ...poolQueries.impact(pool.name, "enable"), staleTime: 0 });
      if (mattersToSomebody(impact)) return { pool };
      const { name, uid, resourceVersion } = pool;
      const at = Date.now();
      return updatePool(name, { uid, resourceVersion, disabled: false }).catch((error: unknown) => {
        const { problem } = toProblemError(error);
        return mayHaveHappened(problem) ? { pool, lost: { at, problem } } : { pool };
      });
    },
    onSuccess: (result) => {
      // The dialog repeats the question and shows why it fails.
      if ("pool" in result) return setAsked(result);
      putPool(client, result);
      toggled(result, requestIdOf(result));
    },
    onError: (_error, pool) => setAsked({ pool }),
  });
  const waitingFor = turnOn.isPending ? turnOn.variables.name : null;
  const { mutate } = turnOn;
  const toggle = useMemo<Toggle>(
    () => ({
      waitingFor,
      start: (pool) => {
        if (pool.disabled && may.allowed && !livesElsewhere(pool.managedBy)) mutate(pool);
        else setAsked({ pool });
      },
    }),
    [waitingFor, mutate, may.allowed],
  );
  const close = () => setAsked(null);
  return (
    <ToggleContext value={toggle}>
      {children}
      {asked === null ? null : !may.allowed ||
        (livesElsewhere(asked.pool.managedBy) && asked.anyway !== true) ? (
        <LockedDialog
          pool={asked.pool}
          may={may}
          asked={{ action: asked.pool.disabled ? "enable" : "disable" }}
          onClose={close}
          onAnyway={() => setAsked({ ...asked, anyway: true })}
        />
      ) : (
        <ToggleDialog
          key={`${asked.pool.name} ${asked.pool.disabled}`}
          pool={asked.pool}
          anyway={asked.anyway ?? false}
          lost={asked.lost}
          onClose={close}
          onDone={(pool, activity) => {
            close();
            toggled(pool, activity);
          }}
        />
      )}
    </ToggleContext>
  );
}

function toggled({ name, disabled }: Pool, activity: string | null): void {
  showWritten({
    text: `${name} ${disabled ? "disabled" : "enabled"}`,
    shape: disabled ? "ring" : "dot",
    tone: disabled ? "muted" : "ok",
    activity,
  });
}
