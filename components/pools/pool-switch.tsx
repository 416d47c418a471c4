"use client";
import { Switch, UnstyledButton } from "@mantine/core";
import type { Pool } from "@/lib/contract/pools.ts";
import { useMay, useWriteObstacle } from "@/lib/queries/use-live.ts";
import { LockIcon } from "../ui/icons.tsx";
import { NotApplicable } from "../ui/value.tsx";
import classes from "./pool-switch.module.css";
import { useToggle } from "./toggle-flow.tsx";

/**
 * Whether the pool gives new addresses. It always asks the toggle flow, which shows the facts first; a lock says that
 * somebody else decides, and opens who.
 */
export function PoolSwitch({ pool }: { pool: Pool }) {
  const may = useMay("pools.update");
  const obstacle = useWriteObstacle();
  const toggle = useToggle();
  if (pool.state.reason === "Terminating") return <NotApplicable />;
  const waiting = toggle.waitingFor === pool.name;
  // While the cluster does not answer nobody knows who may; the obstacle says so.
  const locked = obstacle === null && !may.pending && (!may.allowed || pool.managedBy.kind === "operator");
  const label = `New addresses from ${pool.name}`;
  return (
    <span
      className={classes.switch}
      data-waiting={waiting || undefined}
      data-locked={locked || obstacle !== null || undefined}
    >
      {locked ? (
        <UnstyledButton
          className={classes.lock}
          aria-label={`Why ${pool.name} cannot be switched here`}
          onClick={() => toggle.start(pool)}
        >
          <LockIcon />
        </UnstyledButton>
      ) : null}
      {waiting ? <span className={classes.word}>{pool.disabled ? "Turning on" : "Turning off"}</span> : null}
      <Switch
        aria-label={label}
        checked={!pool.disabled}
        disabled={obstacle !== null || waiting || may.pending || locked}
        title={obstacle ?? undefined}
        onChange={() => toggle.start(pool)}
      />
    </span>
  );
}
