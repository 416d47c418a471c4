import Link from "next/link";
import { Glyph } from "@/components/ui/glyph.tsx";
import { Foreign, Mono } from "@/components/ui/value.tsx";
import type { Choice } from "@/lib/contract/choice.ts";
import classes from "./choice-pools.module.css";

/** Every pool of the family, each with a tick or none, and why; `giving`: the one that the address comes from. */
export function ChoicePools({ pools, giving }: { pools: Choice["pools"]; giving: string | null }) {
  if (pools.length === 0) return <p className={classes.none}>There is no pool of this family.</p>;
  const eligible = pools.filter((pool) => pool.eligible);
  return (
    <table className={classes.pools}>
      <thead>
        <tr>
          <th scope="col">Order</th>
          <th scope="col">Pool</th>
          <th scope="col">May be used</th>
          <th scope="col">Why</th>
        </tr>
      </thead>
      <tbody>
        {pools.map((pool) => (
          <tr key={pool.name} data-giving={pool.name === giving || undefined}>
            <td className={classes.order}>{pool.eligible ? eligible.indexOf(pool) + 1 : null}</td>
            <td>
              <Link href={`/pools/${encodeURIComponent(pool.name)}`} className={classes.name}>
                <Foreign>{pool.name}</Foreign>
              </Link>{" "}
              <span className={classes.cidr}>
                <Mono>{pool.cidr}</Mono>
              </span>
            </td>
            <td className={classes.verdict}>
              <Glyph shape={pool.eligible ? "dot" : "barred"} tone={pool.eligible ? "ok" : "muted"} />{" "}
              {pool.name === giving ? "Yes, gives the address" : pool.eligible ? "Yes" : "No"}
            </td>
            <td className={classes.reason}>
              <Foreign>{pool.reason}</Foreign>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
