"use client";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Problem } from "@/lib/contract/problem.ts";
import { cidrWarnings } from "@/lib/ipam/cidr-warnings.ts";
import { clusterQueries } from "@/lib/queries/cluster.ts";
import { nodeQueries } from "@/lib/queries/nodes.ts";
import { createPool, poolQueries } from "@/lib/queries/pools.ts";
import { toProblemError } from "@/lib/queries/problem-error.ts";
import { useMay } from "@/lib/queries/use-live.ts";
import { CreateDialog } from "../ui/create-dialog.tsx";
import { Notice } from "../ui/states.tsx";
import { showToast } from "../ui/toast.ts";
import { Foreign } from "../ui/value.tsx";
import { Yaml } from "../ui/yaml.tsx";
import classes from "./form-dialog.module.css";
import { AddressLine } from "./address-line.tsx";
import { BlockAdviceHint } from "./block-advice-hint.tsx";
import { draftErrors, type FieldErrors, fieldErrors, isAllByField } from "./draft-errors.ts";
import { documentYaml, draftDocument, emptyDraft, type PoolDraft, readCidr } from "./pool-draft.ts";
import { FreeCidrHint } from "./free-cidr-hint.tsx";
import { useLateFailure } from "./late-failure.ts";
import { PoolFields } from "./pool-form-fields.tsx";
import { WriteProblem } from "./write-problem.tsx";

/** A new pool by form: every field checked while it is typed, then by the API server in a dry run. */
export function FormDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const may = useMay("pools.create");
  const pools = useQuery(poolQueries.list()).data?.items ?? [];
  const [draft, setDraft] = useState<PoolDraft>(emptyDraft);
  const [touched, setTouched] = useState<ReadonlySet<keyof PoolDraft>>(new Set());
  const version = useQuery(clusterQueries.cluster()).data?.calico.version ?? null;
  const own = draftErrors(draft, pools, version);
  const document = draftDocument(draft);
  const text = JSON.stringify(document);
  const [settled] = useDebouncedValue(text, 350);
  const sound = Object.keys(own).length === 0;
  const check = useQuery({
    queryKey: ["dry-run", "document", text],
    queryFn: () => createPool(document, true),
    enabled: sound && settled === text && may.allowed,
    gcTime: 0,
    retry: false,
    refetchInterval: false,
  });
  const tellLate = useLateFailure();
  const create = useMutation({
    mutationFn: () => createPool(document),
    onSuccess: ({ results }) => {
      void client.invalidateQueries({ queryKey: ["pools"] });
      const [result] = results;
      if (result?.outcome !== "created") return tellLate(draft.name, "created", result?.problem);
      showToast({ text: `${draft.name} created`, shape: "dot", tone: "ok" });
      onClose();
    },
    onError: (error) => {
      tellLate(draft.name, "created", toProblemError(error).problem);
      void client.invalidateQueries({ queryKey: ["pools"] });
    },
  });
  const verdict = create.data?.results[0] ?? check.data?.results[0];
  const problem = problemOf(create.error ?? check.error, verdict?.problem);
  const theirs = problem === null ? {} : fieldErrors(problem);
  const valid = sound && verdict?.outcome === "valid" && settled === text;
  const change = (part: Partial<PoolDraft>) => {
    create.reset();
    setDraft({ ...draft, ...part });
  };
  const nodes = useQuery(nodeQueries.sample()).data?.items ?? [];
  const cidr = readCidr(draft.cidr);
  const others = pools.flatMap((pool) => {
    const read = readCidr(pool.cidr);
    return read === null ? [] : [{ name: pool.name, cidr: read }];
  });
  return (
    <CreateDialog
      noun="pool"
      lead="A pool is a range of addresses that Calico cuts into blocks, one or more for each node."
      may={may}
      dryRun={valid ? "accepted" : sound && check.isFetching ? "running" : null}
      creating={create.isPending}
      onCreate={() => create.mutate()}
      onClose={onClose}
    >
      <PoolFields
        draft={draft}
        change={change}
        errors={visible({ ...theirs, ...own }, draft, touched)}
        onBlur={(field) => setTouched(new Set([...touched, field]))}
        place={
          <div className={classes.place}>
            {cidr === null ? null : (
              <>
                <AddressLine wanted={[cidr]} pools={others} overlap="wrong" noun="new pool" />
                {cidrWarnings(cidr, nodes).map((warning) => (
                  <Notice key={warning}>
                    <Foreign>{warning}</Foreign>
                  </Notice>
                ))}
              </>
            )}
            {cidr === null || own.cidr !== undefined ? (
              <FreeCidrHint text={draft.cidr} pools={others} onUse={(free) => change({ cidr: free })} />
            ) : null}
          </div>
        }
        advice={<BlockAdviceHint draft={draft} />}
      />
      {problem === null || isAllByField(problem) ? null : <WriteProblem problem={problem} />}
      <details className={classes.yaml}>
        <summary>The YAML that is sent</summary>
        <Yaml text={documentYaml(document)} label="YAML of the new pool" />
      </details>
    </CreateDialog>
  );
}

function problemOf(error: Error | null, problem: Problem | undefined): Problem | null {
  return error === null ? (problem ?? null) : toProblemError(error).problem;
}

/** Errors of fields that were filled or left; an untouched empty field is not yet wrong. */
function visible(errors: FieldErrors, draft: PoolDraft, touched: ReadonlySet<keyof PoolDraft>): FieldErrors {
  return Object.fromEntries(
    Object.entries(errors).filter(([field]) => {
      const key = field as keyof PoolDraft;
      return touched.has(key) || draft[key] !== "";
    }),
  );
}
