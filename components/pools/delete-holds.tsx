"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { poolQueries } from "@/lib/queries/pools.ts";
import { DialogRow } from "../ui/dialog.tsx";
import { Count, Foreign } from "../ui/value.tsx";
import classes from "./delete-dialog.module.css";
import { heldKinds } from "./holds-lines.ts";
import { plural } from "./pool-words.ts";

/** What still holds the pool, with the way to each; nothing where nothing does. */
export function DeleteHolds({ name }: { name: string }) {
  const { data: holds } = useQuery(poolQueries.holds(name));
  if (holds === undefined) return null;
  const at = `pool=${encodeURIComponent(name)}`;
  const { total, byKind, cooling } = holds.addresses;
  const kinds = heldKinds.flatMap(([kind, label]) => {
    const count = byKind[kind];
    return count === null || count === "0" ? [] : [{ kind, label, count }];
  });
  const namespaces = holds.namespaces ?? [];
  const pods = holds.pods ?? [];
  const isHeld = total !== null && total !== "0";
  if (!isHeld && namespaces.length === 0 && pods.length === 0) return null;
  return (
    <DialogRow head={<span>Still holds it</span>} tone={isHeld ? "crit" : "plain"}>
      <ul className={classes.holds}>
        {kinds.map(({ kind, label, count }) => (
          <li key={kind}>
            <Link href={`/addresses?${at}&state=used&kind=${kind}`}>
              {label}: <Count value={count} />
            </Link>
          </li>
        ))}
        {cooling === null || cooling === "0" ? null : (
          <li>
            <Link href={`/addresses?${at}&state=cooling`}>
              Cooling down: <Count value={cooling} />
            </Link>
          </li>
        )}
        {namespaces.length === 0 ? null : (
          <li>
            Named by{" "}
            <Link href={`/namespaces?${at}`}>
              {namespaces.length === 1 ? (
                <>
                  the namespace <Foreign>{namespaces[0]?.name ?? ""}</Foreign>
                </>
              ) : (
                plural(namespaces.length, "namespace")
              )}
            </Link>
          </li>
        )}
        {pods.length === 0 ? null : (
          <li>
            Named by{" "}
            <Link href={`/pools/${encodeURIComponent(name)}?tab=holds`}>{plural(pods.length, "pod")}</Link>
          </li>
        )}
      </ul>
    </DialogRow>
  );
}
