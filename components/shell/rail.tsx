"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { countQueries } from "@/lib/queries/counts.ts";
import { poolQueries } from "@/lib/queries/pools.ts";
import { shortCount } from "../ui/count.ts";
import { Mark } from "./mark.tsx";
import { isCurrent, type NavCount, navGroups } from "./nav.ts";
import { ClusterName, RailFoot } from "./rail-foot.tsx";
import classes from "./rail.module.css";

/** The navigation, with what there is of each noun; `onNavigate` closes the drawer it may lie in. */
export function Rail({ onNavigate }: { onNavigate?: () => void }) {
  const pathname = usePathname();
  const counts = useNavCounts();
  return (
    <div className={classes.rail}>
      <Link className={classes.brand} href="/" onClick={onNavigate}>
        <Mark />
        Poolboard
      </Link>
      <ClusterName />
      <nav className={classes.nav} aria-label="Pages">
        {navGroups.map((group) => (
          <div key={group.title ?? ""} className={classes.group}>
            {group.title === null ? null : <p className={classes.title}>{group.title}</p>}
            <ul>
              {group.items.map((item) => {
                const count = item.count === null ? null : counts[item.count];
                return (
                  <li key={item.href}>
                    <Link
                      className={classes.link}
                      href={item.href}
                      aria-current={isCurrent(item, pathname) ? "page" : undefined}
                      onClick={onNavigate}
                    >
                      {item.label}
                      {count === null ? null : <span className={classes.count}>{shortCount(count)}</span>}
                    </Link>
                  </li>
                );
              })}
            </ul>
          </div>
        ))}
      </nav>
      <RailFoot />
    </div>
  );
}

function useNavCounts(): Record<NavCount, number | bigint | null> {
  const pools = useQuery(poolQueries.list()).data?.items ?? null;
  const namespaces = useQuery(countQueries.namespaces()).data ?? null;
  const pods = useQuery(countQueries.pods()).data ?? null;
  const nodes = useQuery(countQueries.nodes()).data ?? null;
  const addresses =
    pools === null || pools.some((pool) => pool.usage.inUse === null)
      ? null
      : pools.reduce((sum, pool) => sum + BigInt(pool.usage.inUse ?? 0), 0n);
  return { pools: pools?.length ?? null, addresses, namespaces, pods, nodes };
}
