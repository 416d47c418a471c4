"use client";
import type { Pool } from "@/lib/contract/pools.ts";
import { Settings } from "../ui/facts.tsx";
import { FilterBar } from "../ui/filter-bar.tsx";
import { Age, Foreign, Mono } from "../ui/value.tsx";
import { EditButton } from "./edit-button.tsx";
import { usePrefetch } from "../ui/lazily.tsx";
import { SettingsDialog } from "./pool-dialogs.ts";
import { settingsWords } from "./settings-words.ts";

const dialogs = [SettingsDialog];

/** Every field of the pool in plain words, and the way to change those that can be. */
export function SettingsTab({ pool }: { pool: Pool }) {
  usePrefetch(dialogs);
  return (
    <>
      <FilterBar
        tools={
          <EditButton pool={pool} label="Edit settings">
            {(dialog) => <SettingsDialog pool={pool} {...dialog} />}
          </EditButton>
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
    </>
  );
}
