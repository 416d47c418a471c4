"use client";
import { createPools } from "@/lib/queries/pools.ts";
import { ManifestDialog } from "../manifest/manifest-dialog.tsx";
import { examplePool } from "./example-pool.ts";

/** Pools from YAML. */
export function YamlDialog({ onClose, fromExample }: { onClose: () => void; fromExample: boolean }) {
  return (
    <ManifestDialog
      title="Create pools from YAML"
      lead="One document or several, in either API version. Drop a file on the field, or paste."
      noun="pool"
      verb="Create"
      done="created"
      action="pools.create"
      example={examplePool}
      initial={fromExample ? examplePool : ""}
      mostKilobytes={256}
      send={createPools}
      touches={["pools"]}
      onClose={onClose}
    />
  );
}
