"use client";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { countQueries } from "@/lib/queries/counts.ts";
import { Yaml } from "../ui/yaml.tsx";
import { useUrlState } from "../ui/use-url-state.ts";
import { examplePool } from "./example-pool.ts";
import classes from "./no-pools.module.css";
import { plural } from "./pool-words.ts";

/** No pool yet: what that means, and a pool to start from. */
export function NoPools() {
  const { set } = useUrlState();
  const nodes = useQuery(countQueries.nodes()).data;
  return (
    <div className={classes.empty}>
      <div>
        <h2 className={classes.title}>No pool yet, so no pod can get an address</h2>
        <p className={classes.detail}>
          A pool is a range of addresses that Calico cuts into blocks, one or more for each node. Create one,
          or paste the YAML you already have.
        </p>
        <div className={classes.actions}>
          <Button size="md" variant="filled" onClick={() => set({ new: "form" })}>
            New pool
          </Button>
          <Button size="md" onClick={() => set({ new: "yaml" })}>
            Paste YAML
          </Button>
        </div>
        <p className={classes.note}>
          No IPPool object exists in this cluster.
          {typeof nodes === "number" && nodes > 0
            ? ` ${plural(nodes, "node")} ${nodes === 1 ? "waits" : "wait"} for one.`
            : null}
        </p>
      </div>
      <div>
        <div className={classes.head}>
          <h2>Or start from this one</h2>
          <Button size="xs" onClick={() => set({ new: "yaml", from: "example" })}>
            Use this YAML
          </Button>
        </div>
        <Yaml text={examplePool} label="Example pool" />
        <p className={classes.note}>
          4,096 addresses in 64 blocks of 64. Room for 64 nodes at one block each.
        </p>
      </div>
    </div>
  );
}
