"use client";
import { Button } from "@mantine/core";
import Link from "next/link";
import { CopyButton } from "@/components/ui/copy.tsx";
import { Glyph } from "@/components/ui/glyph.tsx";
import { Age, Foreign, Mono } from "@/components/ui/value.tsx";
import type { Pod } from "@/lib/contract/pods.ts";
import classes from "./failure-card.module.css";

/** A pod that gets no address: what, cause, fix, then Calico's own words. */
export function FailureCard({ pod }: { pod: Pod }) {
  const { failure } = pod;
  if (failure === null) return null;
  return (
    <section className={classes.card} aria-label={`${pod.namespace}/${pod.name} cannot get an address`}>
      <div className={classes.head}>
        <Glyph shape="triangle" tone="crit" />
        <h2 className={classes.title}>
          <Foreign>{pod.name}</Foreign> cannot get an address
        </h2>
        <span className={classes.note}>
          in <Foreign>{pod.namespace}</Foreign>, pending for <Age since={pod.createdAt} />
          {pod.node === null ? null : (
            <>
              {" "}
              on <Mono>{pod.node}</Mono>
            </>
          )}
        </span>
      </div>
      <div className={classes.body}>
        <div>
          <h3 className={classes.label}>Cause</h3>
          <p className={classes.cause}>
            <Foreign>{failure.cause}</Foreign>
          </p>
        </div>
        {failure.fixes.length === 0 ? null : (
          <div>
            <h3 className={classes.label}>{failure.fixes.length > 1 ? "Fix, either one" : "Fix"}</h3>
            <div className={classes.fixes}>
              {failure.fixes.map((fix, index) =>
                fix.href ? (
                  <Button
                    key={fix.label}
                    component={Link}
                    href={fix.href}
                    variant={index === 0 ? "filled" : "default"}
                  >
                    {fix.label}
                  </Button>
                ) : fix.command ? (
                  <CopyButton key={fix.label} text={fix.command}>
                    {`Copy: ${fix.label}`}
                  </CopyButton>
                ) : (
                  <span key={fix.label} className={classes.advice}>
                    {fix.label}
                  </span>
                ),
              )}
            </div>
          </div>
        )}
      </div>
      <p className={classes.words}>
        <span>Calico says</span> <Mono wrap>{failure.message}</Mono>
        {failure.at === null ? null : (
          <span className={classes.at}>
            <Age since={failure.at} suffix=" ago" />
          </span>
        )}
      </p>
    </section>
  );
}
