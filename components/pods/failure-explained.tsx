"use client";
import { Button } from "@mantine/core";
import Link from "next/link";
import { CopyButton } from "@/components/ui/copy.tsx";
import { Age, Foreign, Mono } from "@/components/ui/value.tsx";
import type { PodFailure } from "@/lib/contract/pods.ts";
import classes from "./failure-explained.module.css";

interface Props extends Pick<PodFailure, "cause" | "fixes" | "message"> {
  /** When Calico last said so. */
  readonly at?: string | null;
  /** Beside Calico's words. */
  readonly more?: React.ReactNode;
}

/** Why there is no address, in words; the fixes as buttons; then Calico's own text. */
export function FailureExplained({ cause, fixes, message, at = null, more }: Props) {
  return (
    <>
      <div className={classes.body}>
        <div>
          <h3 className={classes.label}>Cause</h3>
          <p className={classes.cause}>
            <Foreign>{cause}</Foreign>
          </p>
        </div>
        {fixes.length === 0 ? null : (
          <div>
            <h3 className={classes.label}>{fixes.length > 1 ? "Fix, either one" : "Fix"}</h3>
            <div className={classes.fixes}>
              {fixes.map((fix, index) => (
                <FixButton key={fix.label} fix={fix} isFirst={index === 0} />
              ))}
            </div>
          </div>
        )}
      </div>
      <p className={classes.words}>
        <span>Calico says</span> <Mono wrap>{message}</Mono>
        <span className={classes.end}>
          {more}
          {at === null ? null : <Age since={at} suffix=" ago" />}
        </span>
      </p>
    </>
  );
}

function FixButton({ fix, isFirst }: { fix: PodFailure["fixes"][number]; isFirst: boolean }) {
  if (fix.href) {
    return (
      <Button component={Link} href={fix.href} variant={isFirst ? "filled" : "default"}>
        {fix.label}
      </Button>
    );
  }
  if (fix.command) return <CopyButton text={fix.command}>{`Copy: ${fix.label}`}</CopyButton>;
  return <span className={classes.advice}>{fix.label}</span>;
}
