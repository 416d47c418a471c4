import Link from "next/link";
import type { Pool } from "@/lib/contract/pools.ts";
import { Foreign, Mono } from "../ui/value.tsx";
import classes from "./pool-columns.module.css";

export function poolHref(name: string): string {
  return `/pools/${encodeURIComponent(name)}`;
}

/** The pool's name, which leads to it, over its CIDR. */
export function PoolName({ pool }: { pool: Pool }) {
  return (
    <span className={classes.two}>
      <Link className={classes.name} prefetch={false} href={poolHref(pool.name)}>
        <Foreign>{pool.name}</Foreign>
      </Link>
      <span className={classes.cidr}>
        <Mono>{pool.cidr}</Mono>
      </span>
    </span>
  );
}
