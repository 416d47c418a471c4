"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Pool } from "@/lib/contract/pools.ts";
import { clusterQueries } from "@/lib/queries/cluster.ts";
import { fieldErrors, isAllByField } from "./draft-errors.ts";
import { EditDialog, EditTitle } from "./edit-dialog.tsx";
import { PoolFields } from "./pool-form-fields.tsx";
import { changeErrors, changeOf, draftOf } from "./settings-draft.ts";

interface Props {
  readonly pool: Pool;
  readonly onClose: () => void;
}

/** What the form of an existing pool does not show. */
const fixed = ["name", "cidr", "blockSize", "disabled"] as const;

/** Changes what Calico lets change about a pool, by form: checked by field while it is edited. */
export function SettingsDialog({ pool, onClose }: Props) {
  const [seen, setSeen] = useState(pool);
  const [draft, setDraft] = useState(() => draftOf(pool));
  const version = useQuery(clusterQueries.cluster()).data?.calico.version ?? null;
  const change = changeOf(seen, draft);
  const own = changeErrors(seen, draft, version);
  return (
    <EditDialog
      pool={pool}
      title={<EditTitle what="Settings" pool={pool} />}
      lead="CIDR and block size stay as they are. Addresses in use keep what they have until their pods restart."
      change={change}
      sound={Object.keys(own).length === 0}
      onRebase={(theirs) => {
        setSeen(theirs);
        setDraft(draftOf({ ...theirs, ...change }));
      }}
      onClose={onClose}
      showsRefusal={(refusal) =>
        isAllByField(refusal) && !fixed.some((field) => field in fieldErrors(refusal))
      }
    >
      {(refusal) => (
        <PoolFields
          draft={draft}
          errors={{ ...(refusal === null ? {} : fieldErrors(refusal)), ...own }}
          change={(part) => setDraft({ ...draft, ...part })}
          existing
        />
      )}
    </EditDialog>
  );
}
