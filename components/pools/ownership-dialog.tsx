"use client";
import { Button } from "@mantine/core";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useState } from "react";
import type { Impact } from "@/lib/contract/impact.ts";
import type { Ownership } from "@/lib/contract/ownership.ts";
import type { Pool } from "@/lib/contract/pools.ts";
import { type Asked, ownershipQueries } from "@/lib/queries/ownership.ts";
import { poolQueries } from "@/lib/queries/pools.ts";
import { CopyButton } from "../ui/copy.tsx";
import { Dialog, DialogRow } from "../ui/dialog.tsx";
import { MissingNotice } from "../ui/missing.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Forbidden, Notice } from "../ui/states.tsx";
import { Foreign, Mono } from "../ui/value.tsx";
import { Yaml } from "../ui/yaml.tsx";
import { ImpactRows } from "./impact-rows.tsx";
import classes from "./ownership-dialog.module.css";
import { owner } from "./pool-words.ts";

interface Props {
  readonly pool: Pool;
  /** What the person wants of the pool. */
  readonly asked: Asked;
  readonly onClose: () => void;
  /** Changes it here all the same; absent where that cannot be. */
  readonly onAnyway?: (() => void) | undefined;
}

/** A pool that somebody else keeps: who, how that is known, and the exact change where it lasts. */
export function OwnershipDialog({ pool, asked, onClose, onAnyway }: Props) {
  const query = useQuery(ownershipQueries.of(pool.name, asked));
  const found = query.data;
  const by = owner(pool).title;
  const change = asked.action === "update" ? asked.change : undefined;
  const isNothing = change !== undefined && Object.keys(change).length === 0;
  const question = poolQueries.impact(pool.name, asked.action, change);
  const impact = useQuery({ ...question, staleTime: 0, enabled: !isNothing });
  const [typed, setTyped] = useState("");
  // What cannot be foretold is taken for dangerous.
  const mustType = !isNothing && impact.data?.confirm !== "click";
  return (
    <Dialog
      opened
      onClose={onClose}
      title={
        <>
          <Foreign>{pool.name}</Foreign> is changed where it lives
        </>
      }
      lead={
        <>
          <Foreign>{by === "Operator" ? "The Tigera operator" : by}</Foreign>{" "}
          {pool.managedBy.kind === "manager" ? "wrote it last" : "keeps it"}. To {verbs[asked.action]} so that
          it lasts, change it there.
        </>
      }
      confirm={
        found?.patch && mustType && !impact.isPending ? { name: pool.name, typed, onType: setTyped } : null
      }
      note={found === undefined ? null : <DryRunLine dryRun={found.dryRun} />}
      actions={
        <>
          {found?.override && onAnyway !== undefined ? (
            <Button size="md" onClick={onAnyway}>
              Change it here anyway
            </Button>
          ) : null}
          {found?.patch ? (
            <CopyButton
              size="md"
              variant="filled"
              text={found.patch.command}
              disabled={mustType && typed !== pool.name}
            >
              Copy the kubectl command
            </CopyButton>
          ) : null}
          <Button size="md" onClick={onClose} data-autofocus>
            Close
          </Button>
        </>
      }
    >
      {found === undefined ? (
        <div className={classes.inset}>
          <QueryView query={query} what={`Reading who keeps ${pool.name}, and what the API server says`}>
            {() => null}
          </QueryView>
        </div>
      ) : (
        <>
          {isNothing ? null : <Consequences name={pool.name} impact={impact} />}
          <Facts found={found} />
        </>
      )}
    </Dialog>
  );
}

const verbs: Record<Asked["action"], string> = {
  disable: "disable it",
  enable: "enable it",
  delete: "delete it",
  update: "change it",
};

function Facts({ found }: { found: Ownership }) {
  const { where, advice, patch, edit, dryRun } = found;
  const quiet = dryRun.outcome === "accepted" || dryRun.outcome === "notAsked";
  return (
    <>
      <div className={classes.inset}>
        <MissingNotice of={[found]} />
      </div>
      {where === null ? null : (
        <DialogRow head={<span>Where</span>}>
          <p className={classes.place}>
            {where.kind}{" "}
            <Foreign>
              {[where.namespace, where.name].filter((part) => part !== undefined && part !== null).join("/")}
            </Foreign>
          </p>
          <p>
            <Mono wrap>{where.field}</Mono>
          </p>
        </DialogRow>
      )}
      {patch === null ? null : (
        <DialogRow head={<span>Patch</span>} what="for this version of it">
          <Yaml text={patch.yaml} label="Patch of the Installation" marked={patch.changed} />
        </DialogRow>
      )}
      {edit === null ? null : (
        <DialogRow head={<span>Manifest</span>} what="has to say">
          <Yaml text={edit} label="Part of the manifest" />
        </DialogRow>
      )}
      {quiet ? null : (
        <DialogRow head={<span>Dry run</span>} tone={dryRun.outcome === "refused" ? "crit" : "plain"}>
          {dryRun.permission ? (
            <Forbidden permission={dryRun.permission} detail="The patch needs it." />
          ) : (
            <p>
              The API server refuses the patch: <Mono wrap>{dryRun.detail ?? "no reason given"}</Mono>
            </p>
          )}
        </DialogRow>
      )}
      <DialogRow head={<span>Why</span>}>
        <ul className={classes.advice}>
          {advice.map((sentence) => (
            <li key={sentence}>
              <Foreign>{sentence}</Foreign>
            </li>
          ))}
        </ul>
        {where === null ? <Notice tone="plain">It is changed here.</Notice> : null}
      </DialogRow>
    </>
  );
}

/** What the change does wherever it is made; that it is reverted is left out, for there it is not. */
function Consequences({ name, impact }: { name: string; impact: UseQueryResult<Impact> }) {
  if (impact.data === undefined) {
    return (
      <div className={classes.inset}>
        <QueryView query={impact} what={`Working out what it does to ${name}`}>
          {() => null}
        </QueryView>
      </div>
    );
  }
  const statements = impact.data.statements.filter(({ kind }) => kind !== "revert");
  return (
    <>
      <div className={classes.inset}>
        <MissingNotice of={[impact.data]} />
      </div>
      <ImpactRows impact={{ ...impact.data, statements }} />
    </>
  );
}

/** What the API server said, in the foot. */
function DryRunLine({ dryRun: { outcome, detail } }: { dryRun: Ownership["dryRun"] }) {
  switch (outcome) {
    case "accepted":
      return <span role="status">The API server accepted a dry run of the patch.</span>;
    case "refused":
      return <span role="status">The dry run was refused.</span>;
    case "forbidden":
      return <span role="status">You may not send this patch.</span>;
    case "notAsked":
      return detail === null ? null : (
        <span role="status">
          <Foreign>{detail}</Foreign>
        </span>
      );
  }
}
