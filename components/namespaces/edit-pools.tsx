"use client";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Failed, Forbidden, Loading } from "@/components/ui/states.tsx";
import type { Namespace } from "@/lib/contract/namespaces.ts";
import type { Pool } from "@/lib/contract/pools.ts";
import { namespaceQueries } from "@/lib/queries/namespaces.ts";
import { toProblemError } from "@/lib/queries/problem-error.ts";
import { useMay } from "@/lib/queries/use-live.ts";
import { AssignmentEditor } from "./assignment-editor.tsx";
import classes from "./edit-pools.module.css";

interface Props {
  readonly name: string;
  /** Null: not read, or not to be read. */
  readonly pools: readonly Pool[] | null;
  readonly onClose: () => void;
}

/** The pools of a namespace's new pods, or why they cannot be chosen. */
export function EditPools({ name, pools, onClose }: Props) {
  const query = useQuery({ ...namespaceQueries.one(name), staleTime: 0, gcTime: 0 });
  const may = useMay("namespaces.update");
  // What is edited is the namespace as it was when the dialog opened, whatever becomes of it meanwhile.
  const [seen, setSeen] = useState<Namespace | null>(null);
  if (seen === null && query.data && query.isFetchedAfterMount) setSeen(query.data);
  if (seen !== null && may.allowed)
    return <AssignmentEditor namespace={seen} pools={pools} onClose={onClose} />;
  return (
    <Dialog
      opened
      onClose={onClose}
      title={`Pools for new pods in ${name}`}
      actions={<Button onClick={onClose}>Close</Button>}
    >
      <div className={classes.body}>
        {may.pending ? (
          <Loading what={`Reading ${name}`} />
        ) : may.permission !== null ? (
          <Forbidden permission={may.permission} />
        ) : may.readOnly ? (
          <Failed
            title="This Poolboard is read only"
            detail="It was started so that nothing can be changed with it."
          />
        ) : query.error !== null ? (
          <Failed
            title={`${name} cannot be read`}
            detail={toProblemError(query.error).problem.detail}
            onRetry={() => void query.refetch()}
          />
        ) : query.isPending ? (
          <Loading what={`Reading ${name}`} />
        ) : (
          <Failed title={`${name} is not there`} detail="It may have been deleted meanwhile." />
        )}
      </div>
    </Dialog>
  );
}
