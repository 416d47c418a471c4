"use client";
import { ActionIcon, Select } from "@mantine/core";
import { CloseIcon } from "@/components/ui/icons.tsx";
import { Count, Foreign, Mono } from "@/components/ui/value.tsx";
import type { Pool } from "@/lib/contract/pools.ts";
import { poolOf } from "./choice-effect.ts";
import classes from "./edit-pools.module.css";

interface Props {
  readonly label: string;
  /** Pool names or CIDRs, first tried first. */
  readonly chosen: readonly string[];
  /** The pools of this family; null: not read, or not to be read. */
  readonly pools: readonly Pool[] | null;
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Chooses pools and their order. */
export function PoolOrder({ label, chosen, pools, onChange }: Props) {
  const move = (from: number, to: number) => {
    const next = [...chosen];
    next.splice(to, 0, ...next.splice(from, 1));
    onChange(next);
  };
  const known = pools ?? [];
  const taken = new Set(chosen.map((entry) => poolOf(entry, known)));
  const left = known.filter((pool) => !taken.has(pool));
  return (
    <fieldset className={classes.family}>
      <legend>{label}, tried in this order</legend>
      <ol>
        {chosen.map((entry, index) => {
          const pool = poolOf(entry, known);
          return (
            <li key={entry} className={classes.entry}>
              <span className={classes.place}>{index + 1}</span>
              <span className={classes.pool}>
                <Foreign>{pool?.name ?? entry}</Foreign>
                {pool ? (
                  <Mono>{pool.cidr}</Mono>
                ) : pools === null ? null : (
                  <span className={classes.bad}>no such pool</span>
                )}
                {pool?.disabled ? <span className={classes.warn}>disabled</span> : null}
              </span>
              <span className={classes.free}>
                {pool?.usage.free ? (
                  <>
                    <Count value={pool.usage.free} /> free
                  </>
                ) : null}
              </span>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Try ${entry} earlier`}
                disabled={index === 0}
                onClick={() => move(index, index - 1)}
              >
                ↑
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Try ${entry} later`}
                disabled={index === chosen.length - 1}
                onClick={() => move(index, index + 1)}
              >
                ↓
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Take ${entry} out`}
                onClick={() => onChange(chosen.filter((each) => each !== entry))}
              >
                <CloseIcon />
              </ActionIcon>
            </li>
          );
        })}
      </ol>
      <Select
        aria-label={`Add an ${label} pool`}
        placeholder={chosen.length === 0 ? "Any automatic pool. Choose one to pin it" : "Add a pool"}
        data={left.map((pool) => ({
          value: pool.name,
          label: `${pool.name}  ${pool.cidr}${pool.disabled ? "  disabled" : ""}`,
        }))}
        value={null}
        searchable
        nothingFoundMessage={pools === null ? "The pools cannot be read" : "No pool of this family"}
        onChange={(name) => {
          if (name) onChange([...chosen, name]);
        }}
      />
    </fieldset>
  );
}
