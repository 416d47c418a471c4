"use client";
import { Button } from "@mantine/core";
import { useTimeout } from "@mantine/hooks";
import { useState } from "react";
import { CopyButton } from "./copy.tsx";
import { type Permission, ruleFor } from "./rbac-rule.ts";
import classes from "./states.module.css";
import { sentence } from "./sentence.ts";
import { Foreign } from "./value.tsx";
import { Yaml } from "./yaml.tsx";

/** Bars in the place of text, after 200 ms; what is being read in words. */
export function Loading({ what, rows = 3 }: { what: string; rows?: number }) {
  const [late, setLate] = useState(false);
  useTimeout(() => setLate(true), 200, { autoInvoke: true });
  return (
    <div className={classes.state} role="status" aria-busy="true">
      <div className={classes.bars} data-late={late || undefined} aria-hidden="true">
        {Array.from({ length: rows }, (_unused, index) => (
          <span key={index} className={classes.bar} data-length={index % 3} />
        ))}
      </div>
      <p className={late ? classes.quiet : classes.early}>{what}</p>
    </div>
  );
}

/** Nothing there: what is missing, why it matters, what to do. `children` are the buttons. */
export function Empty({
  title,
  children,
  detail,
}: {
  title: string;
  detail?: React.ReactNode;
  children?: React.ReactNode;
}) {
  return (
    <div className={classes.state}>
      <p className={classes.title}>{title}</p>
      {detail === undefined ? null : <p className={classes.detail}>{detail}</p>}
      {children === undefined ? null : <div className={classes.actions}>{children}</div>}
    </div>
  );
}

/** It went wrong: what, since when, what is shown meanwhile; and the next try. */
export function Failed({
  title,
  detail,
  onRetry,
  copy,
}: {
  title: string;
  detail?: string;
  onRetry?: () => void;
  /** What “Copy the error” copies. */
  copy?: string;
}) {
  return (
    <div className={classes.state} role="alert">
      <p className={classes.title}>
        <Foreign>{title}</Foreign>
      </p>
      {detail === undefined ? null : (
        <p className={classes.detail}>
          <Foreign>{detail}</Foreign>
        </p>
      )}
      <div className={classes.actions}>
        {onRetry === undefined ? null : <Button onClick={onRetry}>Retry now</Button>}
        {copy === undefined ? null : (
          <CopyButton text={copy} variant="subtle">
            Copy the error
          </CopyButton>
        )}
      </div>
    </div>
  );
}

/** The missing permission and the rule to ask for. */
export function Forbidden({ permission, detail }: { permission: Permission; detail?: string }) {
  const rule = ruleFor(permission);
  return (
    <div className={classes.state} role="alert">
      <p className={classes.title}>
        You may not {verbWord(permission.verb)} <Foreign>{permission.resource}</Foreign>
      </p>
      <p className={classes.detail}>
        {detail ? <Foreign>{sentence(detail)}</Foreign> : null} Ask for this rule:
      </p>
      <div className={classes.rule}>
        <Yaml text={rule} label="RBAC rule" />
      </div>
      <div className={classes.actions}>
        <CopyButton text={rule}>Copy the rule</CopyButton>
      </div>
    </div>
  );
}

function verbWord(verb: string): string {
  return verb === "get" || verb === "list" || verb === "watch" ? "read" : verb === "patch" ? "change" : verb;
}

/** One line above data that is shown although the last read failed. */
export function Notice({
  children,
  tone = "warn",
  apart = false,
}: {
  children: React.ReactNode;
  tone?: "warn" | "crit" | "plain";
  /** Keeps its distance by itself, where nothing around it does. */
  apart?: boolean;
}) {
  return (
    <div className={classes.notice} data-tone={tone} data-apart={apart || undefined} role="status">
      {children}
    </div>
  );
}
