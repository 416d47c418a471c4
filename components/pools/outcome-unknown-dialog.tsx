"use client";
import { Button } from "@mantine/core";
import type { PoolChange } from "@/lib/contract/pools.ts";
import { useNow } from "../ui/clock.ts";
import { CopyLink } from "../ui/copy.tsx";
import { Dialog, DialogRow } from "../ui/dialog.tsx";
import { Glyph, type GlyphShape, type Tone } from "../ui/glyph.tsx";
import { Foreign } from "../ui/value.tsx";
import { ChangeList, PoolConflictTable } from "./conflict.tsx";
import { type Lost, type Outcome, SETTLES_MS } from "./outcome-unknown.ts";
import { sameFields } from "./pool-fields.ts";
import type { PoolWrite } from "./use-pool-write.ts";
import { useLostEntry } from "./use-lost-entry.ts";
import { useReadBack } from "./use-read-back.ts";
import classes from "./outcome-unknown.module.css";

interface Props {
  readonly write: PoolWrite;
  readonly lost: Lost;
  readonly change: PoolChange;
  readonly onClose: () => void;
}

/** No answer came to a write: what was asked for, what reading the pool back says, and what to do next. Sends nothing. */
export function OutcomeUnknownDialog({ write, lost, change, onClose }: Props) {
  const { base } = write;
  const { outcome, pool } = useReadBack(base, change, lost);
  const entry = useLostEntry(base, change, lost, outcome === "happened");
  const close = () => (outcome === "happened" && pool !== null ? write.goOn(pool, entry) : onClose());
  // What was said then is no longer true once it is known.
  const isOpen = outcome === "asking" || outcome === "notYet";
  const mayStartOver = pool !== null && (outcome === "didNot" || outcome === "changed");
  return (
    <Dialog
      opened
      onClose={close}
      title={
        <>
          Was <Foreign>{base.name}</Foreign> changed?
        </>
      }
      lead={`The request of ${timeOf(lost.at)} got no answer. It is not sent again by itself.`}
      note={
        lost.problem.requestId === "" ? null : (
          <CopyLink text={lost.problem.requestId}>Copy the request id</CopyLink>
        )
      }
      actions={
        <>
          <Button size="md" onClick={close} data-autofocus>
            Close
          </Button>
          {mayStartOver ? (
            <Button size="md" onClick={() => write.startOver(pool)}>
              {outcome === "changed" ? "Apply mine on top" : "Review it again"}
            </Button>
          ) : null}
        </>
      }
    >
      <DialogRow head={<span>Asked for</span>}>
        <ChangeList seen={base} change={change} />
      </DialogRow>
      {isOpen ? (
        <DialogRow head={<span>Instead of an answer</span>}>
          <Foreign>{[lost.problem.title, lost.problem.detail].filter(Boolean).join(". ")}</Foreign>
        </DialogRow>
      ) : null}
      <DialogRow head={<Verdict outcome={outcome} />}>
        <p role="status">
          <Words outcome={outcome} name={base.name} sentAt={lost.at} />
        </p>
        {pool !== null &&
        (outcome === "changed" || (outcome === "happened" && !sameFields(base, pool, change))) ? (
          <div className={classes.table}>
            <PoolConflictTable seen={base} theirs={pool} change={change} />
          </div>
        ) : null}
      </DialogRow>
    </Dialog>
  );
}

const verdicts: Readonly<Record<Outcome, { shape: GlyphShape; tone: Tone; word: string }>> = {
  asking: { shape: "ring", tone: "muted", word: "Reading it back" },
  notYet: { shape: "ring", tone: "muted", word: "Not yet" },
  happened: { shape: "dot", tone: "ok", word: "It happened" },
  didNot: { shape: "ring", tone: "muted", word: "It did not happen" },
  changed: { shape: "triangle", tone: "warn", word: "Somebody else" },
  gone: { shape: "cross", tone: "crit", word: "Gone" },
};

function Verdict({ outcome }: { outcome: Outcome }) {
  const { word, ...glyph } = verdicts[outcome];
  return (
    <>
      <Glyph {...glyph} />
      {word}
    </>
  );
}

function Words({ outcome, name, sentAt }: { outcome: Outcome; name: string; sentAt: number }) {
  const now = useNow(1);
  const pool = <Foreign>{name}</Foreign>;
  switch (outcome) {
    case "asking":
      return <>No answer yet. It goes on asking until there is one.</>;
    case "notYet":
      return (
        <>
          {pool} is as you saw it. The request can still be under way: it looks for{" "}
          {Math.max(1, Math.ceil((sentAt + SETTLES_MS - now) / 1000))} s more.
        </>
      );
    case "happened":
      return <>{pool} is stored as you asked for.</>;
    case "didNot":
      return (
        <>
          {pool} is still as you saw it, {SETTLES_MS / 1000} s after the request. Should the request arrive
          after all, one of the two meets a conflict.
        </>
      );
    case "changed":
      return <>What you asked for is not stored, and somebody else has changed {pool} meanwhile.</>;
    case "gone":
      return <>{pool} was deleted meanwhile, or deleted and created anew.</>;
  }
}

const timeOf = (at: number) => new Date(at).toLocaleTimeString("en-GB");
