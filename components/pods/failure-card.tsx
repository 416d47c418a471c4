"use client";
import Link from "next/link";
import { chooseHref } from "@/components/choose/choose-href.ts";
import { Glyph } from "@/components/ui/glyph.tsx";
import { Age, Foreign, Mono } from "@/components/ui/value.tsx";
import type { Pod } from "@/lib/contract/pods.ts";
import classes from "./failure-card.module.css";
import { FailureExplained } from "./failure-explained.tsx";

/** A pod that gets no address: what, cause, fix, then Calico's own words. */
export function FailureCard({ pod }: { pod: Pod }) {
  const { failure, namespace, node } = pod;
  if (failure === null) return null;
  const { ipv4, ipv6 } = failure.asks;
  return (
    <section className={classes.card} aria-label={`${namespace}/${pod.name} cannot get an address`}>
      <div className={classes.head}>
        <Glyph shape="triangle" tone="crit" />
        <h2 className={classes.title}>
          <Foreign>{pod.name}</Foreign> cannot get an address
        </h2>
        <span className={classes.note}>
          in <Foreign>{namespace}</Foreign>, pending for <Age since={pod.createdAt} />
          {node === null ? null : (
            <>
              {" "}
              on <Mono>{node}</Mono>
            </>
          )}
        </span>
      </div>
      <FailureExplained
        cause={failure.cause}
        fixes={failure.fixes}
        message={failure.message}
        at={failure.at}
        more={
          node === null ? null : (
            <Link
              className={classes.link}
              href={chooseHref({ namespace, node, ipv4pools: ipv4 ?? "", ipv6pools: ipv6 ?? "" })}
            >
              Explain the choice
            </Link>
          )
        }
      />
    </section>
  );
}
