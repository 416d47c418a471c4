"use client";
import { Button } from "@mantine/core";
import { useState } from "react";
import type { Pool } from "@/lib/contract/pools.ts";
import { livesElsewhere, ownerToOverride } from "@/lib/ipam/pool-owner.ts";
import { useMay, useWriteObstacle } from "@/lib/queries/use-live.ts";
import { countText, formatPercent } from "../ui/count.ts";
import { type Fact, Facts } from "../ui/facts.tsx";
import { LockIcon } from "../ui/icons.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import { Count, Foreign, Mono, NotApplicable, Unknown } from "../ui/value.tsx";
import { AfterWriteStrip } from "./after-write-strip.tsx";
import { Capacity } from "./capacity.tsx";
import { nodesFit } from "./nodes-fit.ts";
import { DeleteDialog, LockedDialog } from "./pool-dialogs.ts";
import { managedWords, poolState } from "./pool-words.ts";
import { useToggle } from "./toggle-flow.tsx";

/** Name, state in words, actions and the numbers of a pool. */
export function PoolHeader({ pool }: { pool: Pool }) {
  const state = poolState(pool);
  const managed = managedWords(pool);
  return (
    <>
      <PageHeader
        title={<Foreign>{pool.name}</Foreign>}
        detail={<Mono>{pool.cidr}</Mono>}
        lead={
          <StateBadge
            inline
            state={{
              ...state,
              reason: [whole(pool) ?? state.reason, managed]
                .filter((part) => part !== undefined && part !== null)
                .join(" · "),
            }}
          />
        }
        actions={<Actions pool={pool} />}
      />
      <AfterWriteStrip pool={pool.name} />
      <Facts facts={facts(pool)} minor={minorFacts(pool)} />
      <Capacity pool={pool} />
    </>
  );
}

function Actions({ pool }: { pool: Pool }) {
  const [deleting, setDeleting] = useState<"asked" | "anyway" | null>(null);
  const toggle = useToggle();
  const mayUpdate = useMay("pools.update");
  const mayDelete = useMay("pools.delete");
  const obstacle = useWriteObstacle();
  const operator = pool.managedBy.kind === "operator";
  const terminating = pool.state.reason === "Terminating";
  const locked = obstacle === null && (operator || !mayUpdate.allowed);
  return (
    <>
      {terminating ? null : (
        <Button
          disabled={obstacle !== null || mayDelete.pending}
          title={obstacle ?? undefined}
          leftSection={
            mayDelete.pending || (mayDelete.allowed && !operator) || obstacle !== null ? undefined : (
              <LockIcon />
            )
          }
          onClick={() => setDeleting("asked")}
        >
          Delete
        </Button>
      )}
      {terminating ? null : (
        <Button
          disabled={obstacle !== null || mayUpdate.pending}
          title={obstacle ?? undefined}
          loading={toggle.waitingFor === pool.name}
          leftSection={locked && !mayUpdate.pending ? <LockIcon /> : undefined}
          onClick={() => toggle.start(pool)}
        >
          {operator ? "Change in Installation" : pool.disabled ? "Enable pool" : "Disable pool"}
        </Button>
      )}
      {deleting === null ? null : !mayDelete.allowed ||
        (deleting === "asked" && livesElsewhere(pool.managedBy)) ? (
        <LockedDialog
          pool={pool}
          may={mayDelete}
          asked={{ action: "delete" }}
          onClose={() => setDeleting(null)}
          onAnyway={() => setDeleting("anyway")}
        />
      ) : (
        <DeleteDialog
          pool={pool}
          overrideOwner={ownerToOverride(pool.managedBy)}
          onClose={() => setDeleting(null)}
        />
      )}
    </>
  );
}

/** The reason in all its sentences, where the line of a table has only the first. */
function whole({ state }: Pool): string | null {
  const told = state.reason === "CIDROverlap" || state.reason === "NoEligibleNode";
  return told && state.message !== "" ? state.message : null;
}

function facts(pool: Pool): readonly Fact[] {
  const { usage, blocks } = pool;
  const { inUse, capacity, free, freeInBlocks } = usage;
  return [
    {
      label: "In use",
      value: amount(inUse),
      ...(capacity === null
        ? {}
        : {
            of: (
              <>
                of <Count value={capacity} />
              </>
            ),
          }),
      ...(inUse === null || capacity === null
        ? {}
        : { note: `${formatPercent(inUse, capacity)} of addresses` }),
    },
    {
      label: "Blocks claimed",
      value: amount(blocks.claimed),
      ...(blocks.possible === null
        ? {}
        : {
            of: (
              <>
                of <Count value={blocks.possible} />
              </>
            ),
          }),
      ...(blocks.claimed === null || blocks.possible === null
        ? {}
        : { note: `${formatPercent(blocks.claimed, blocks.possible)} of blocks` }),
    },
    {
      label: "Free",
      value: amount(free),
      ...(freeInBlocks === null ? {} : { note: `${countText(freeInBlocks)} in claimed blocks` }),
    },
    { label: "Nodes that still fit", ...fitting(pool) },
  ];
}

function fitting(pool: Pool): Omit<Fact, "label"> {
  const fit = nodesFit(pool);
  const { note } = fit;
  if (fit.kind === "notApplicable") return { value: <NotApplicable />, note };
  return { value: fit.kind === "any" ? "any" : amount(fit.kind === "count" ? fit.count : null), note };
}

function minorFacts({ usage, tunnelNodes }: Pool): readonly Fact[] {
  return [
    { label: "Reserved", value: amount(usage.reserved) },
    { label: "Cooling down", value: amount(usage.cooling) },
    { label: "Borrowed by other nodes", value: amount(usage.borrowed) },
    { label: "Nodes with a tunnel address", value: amount(tunnelNodes) },
  ];
}

function amount(value: string | number | null): React.ReactNode {
  return value === null ? <Unknown /> : <Count value={value} />;
}
