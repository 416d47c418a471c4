"use client";
import { Button } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { showWritten } from "@/components/pools/after-write.ts";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Failed, Forbidden, Loading, Notice } from "@/components/ui/states.tsx";
import { Foreign, Mono } from "@/components/ui/value.tsx";
import type { Namespace, NamespacePatch } from "@/lib/contract/namespaces.ts";
import type { Pool } from "@/lib/contract/pools.ts";
import { requestIdOf } from "@/lib/queries/http.ts";
import { flatten } from "@/lib/queries/lists.ts";
import { namespaceQueries, updateNamespace } from "@/lib/queries/namespaces.ts";
import { toProblemError } from "@/lib/queries/problem-error.ts";
import { useMay, useWriteObstacle } from "@/lib/queries/use-live.ts";
import { type Choice, choiceOf, effectOf, patchOf, valueOf } from "./pool-choice.ts";
import { PoolOrder } from "./pool-order.tsx";
import classes from "./edit-pools.module.css";

interface Props {
  readonly name: string;
  readonly pools: readonly Pool[];
  readonly onClose: () => void;
}

/** The pools of a namespace's new pods: chosen in order, previewed, checked by a dry run, saved as one annotation. */
export function EditPools({ name, pools, onClose }: Props) {
  const list = useInfiniteQuery(namespaceQueries.list({ q: name }));
  const namespace = flatten<Namespace>(list.data).items?.find((each) => each.name === name);
  const may = useMay("namespaces.update");
  if (namespace && may.allowed) return <Editor namespace={namespace} pools={pools} onClose={onClose} />;
  return (
    <Dialog
      opened
      onClose={onClose}
      title={`Pools for new pods in ${name}`}
      actions={<Button onClick={onClose}>Close</Button>}
    >
      <div className={classes.body}>
        {list.isPending || may.pending ? (
          <Loading what={`Reading ${name}`} />
        ) : may.permission !== null ? (
          <Forbidden permission={may.permission} />
        ) : may.readOnly ? (
          <Failed
            title="This Poolboard is read only"
            detail="It was started so that nothing can be changed with it."
          />
        ) : (
          <Failed title={`${name} is not there`} detail="It may have been deleted meanwhile." />
        )}
      </div>
    </Dialog>
  );
}

function Editor({
  namespace,
  pools,
  onClose,
}: {
  namespace: Namespace;
  pools: readonly Pool[];
  onClose: () => void;
}) {
  const [choice, setChoice] = useState<Choice>(() => choiceOf(namespace));
  const client = useQueryClient();
  const obstacle = useWriteObstacle();
  const patch = patchOf(namespace, choice);
  const changed = patch.ipv4pools !== undefined || patch.ipv6pools !== undefined;

  const dryRun = useQuery({
    queryKey: ["namespaces", "dry-run", namespace.name, patch],
    queryFn: () => updateNamespace(namespace.name, patch, true),
    enabled: changed && obstacle === null,
    retry: false,
    staleTime: 0,
    gcTime: 0,
  });
  const save = useMutation({
    mutationFn: (body: NamespacePatch) => updateNamespace(namespace.name, body),
    onSuccess: (written) => {
      const text = `Pools of ${namespace.name} saved. Pods that run keep their addresses.`;
      showWritten({ text, activity: requestIdOf(written) });
      onClose();
    },
    onSettled: () => client.invalidateQueries({ queryKey: namespaceQueries.all() }),
  });
  const failure = save.error ?? dryRun.error;
  const problem = failure ? toProblemError(failure).problem : null;
  const six = pools.some((pool) => pool.family === 6) || namespace.annotation.ipv6 !== null;

  return (
    <Dialog
      opened
      onClose={onClose}
      title={
        <>
          Pools for new pods in <Foreign>{namespace.name}</Foreign>
        </>
      }
      lead="Pods that run keep their addresses. The list counts from the next pod on."
      note={
        obstacle ??
        (!changed
          ? "Nothing changed yet"
          : dryRun.isFetching
            ? "Dry run under way"
            : problem
              ? null
              : "Dry run accepted")
      }
      actions={
        <>
          <Button onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button
            variant="filled"
            loading={save.isPending}
            disabled={!changed || obstacle !== null || !dryRun.isSuccess}
            onClick={() => save.mutate(patch)}
          >
            {patch.ipv4pools === null || patch.ipv6pools === null ? "Remove annotation" : "Save annotation"}
          </Button>
        </>
      }
    >
      <div className={classes.body}>
        <PoolOrder
          label="IPv4"
          chosen={choice.ipv4}
          pools={pools.filter((pool) => pool.family === 4)}
          onChange={(ipv4) => setChoice({ ...choice, ipv4 })}
        />
        {six ? (
          <PoolOrder
            label="IPv6"
            chosen={choice.ipv6}
            pools={pools.filter((pool) => pool.family === 6)}
            onChange={(ipv6) => setChoice({ ...choice, ipv6 })}
          />
        ) : null}
      </div>
      <div className={classes.preview}>
        <h3>{changed ? "Writes" : "Stored now"}</h3>
        {(["ipv4", "ipv6"] as const).map((family) => {
          const key = `${family}pools` as const;
          const before = namespace.annotation[family];
          const after = patch[key] === undefined ? before : valueOf(patch[key]);
          if (before === null && after === null) return null;
          return (
            <div key={family} className={classes.diff}>
              <Mono wrap>{`cni.projectcalico.org/${key}:`}</Mono>
              {before !== null && before !== after ? (
                <del>
                  <Mono wrap>{before}</Mono>
                </del>
              ) : null}
              {after === null ? (
                <span>removed</span>
              ) : before === after ? (
                <Mono wrap>{after}</Mono>
              ) : (
                <ins>
                  <Mono wrap>{after}</Mono>
                </ins>
              )}
            </div>
          );
        })}
        <p className={classes.effect}>{effectOf(namespace, choice, pools)}</p>
        {(dryRun.data?.warnings ?? []).map((warning) => (
          <Notice key={warning}>
            <Foreign>{warning}</Foreign>
          </Notice>
        ))}
        {problem ? (
          <Notice tone="crit">
            {problem.code === "conflict" ? (
              "Somebody changed this namespace meanwhile. What you see is the new state: check your choice and save again."
            ) : (
              <Foreign>
                {problem.errors?.map((error) => error.message).join(" ") || problem.detail || problem.title}
              </Foreign>
            )}
          </Notice>
        ) : null}
      </div>
    </Dialog>
  );
}
