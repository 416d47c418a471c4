"use client";
import type { Impact, ImpactStatement } from "@/lib/contract/impact.ts";
import { formatCount } from "../ui/count.ts";
import { DialogRow } from "../ui/dialog.tsx";
import { Glyph, type GlyphShape, type Tone } from "../ui/glyph.tsx";
import { ArrowIcon } from "../ui/icons.tsx";
import { sentence } from "../ui/sentence.ts";
import { Foreign, Mono } from "../ui/value.tsx";
import { isOpen } from "./impact-count.ts";
import { type ImpactGroup, impactGroups, type ImpactPart, type ImpactRow } from "./impact-groups.ts";
import { ImpactList } from "./impact-list.tsx";
import classes from "./impact-rows.module.css";
import { plural } from "./pool-words.ts";

/** What an action would do, as rows of a dialog: what fails first, then what taking it back would not bring back. */
export function ImpactRows({ impact }: { impact: Impact }) {
  const { statements, undo } = impact;
  return (
    <>
      {impactGroups(statements).map((group) => (
        <GroupRow key={`${group.kind} ${group.what}`} group={group} />
      ))}
      {undo === null || undo.length === 0 ? null : <UndoRow statements={undo} />}
    </>
  );
}

const words: Readonly<
  Partial<Record<ImpactStatement["kind"], { shape: GlyphShape; tone: Tone; word: string }>>
> = {
  revert: { shape: "triangle", tone: "warn", word: "May be reverted" },
  unchanged: { shape: "dot", tone: "ok", word: "Does not change" },
  capacity: { shape: "ring", tone: "muted", word: "Capacity" },
  removed: { shape: "triangle", tone: "crit", word: "Stops working" },
};

function GroupRow({ group }: { group: ImpactGroup }) {
  const { kind, what, count, certainty } = group;
  const isHarm = kind === "fails" || kind === "noPool" || kind === "removed";
  const tone = isHarm && (count > 0 || certainty !== "unknown") ? "crit" : "plain";
  const word = what === "" ? words[kind] : undefined;
  if (word !== undefined) {
    return (
      <DialogRow head={<Word {...word} />} tone={tone}>
        <Facts group={group} />
      </DialogRow>
    );
  }
  return (
    <DialogRow
      head={
        certainty === "unknown" ? (
          <Word shape="ring" tone="muted" word="Unknown" />
        ) : certainty === "atLeast" ? (
          `${formatCount(count)} or more`
        ) : (
          formatCount(count)
        )
      }
      what={what}
      tone={tone}
    >
      <Facts group={group} />
    </DialogRow>
  );
}

/** Said before the click, because it cannot be mended after it. */
function UndoRow({ statements }: { statements: readonly ImpactStatement[] }) {
  return (
    <DialogRow
      head={<Word shape="half" tone="warn" word="Undo" />}
      what="does not bring everything back"
      tone="plain"
    >
      {impactGroups(statements).map((group) => (
        <Facts key={`${group.kind} ${group.what}`} group={group} />
      ))}
    </DialogRow>
  );
}

function Word({ shape, tone, word }: { shape: GlyphShape; tone: Tone; word: string }) {
  return (
    <>
      <Glyph shape={shape} tone={tone} />
      {word}
    </>
  );
}

function Facts({ group }: { group: ImpactGroup }) {
  return group.parts.map((part) => <Part key={part.shared ?? ""} kind={group.kind} part={part} />);
}

function Part({ kind, part }: { kind: ImpactGroup["kind"]; part: ImpactPart }) {
  const { rows, shared, doubt } = part;
  const isQuiet = kind === "unchanged" || kind === "revert" || kind === "capacity";
  // Names alone stand side by side.
  const isShort = rows.every(
    ({ statement, own }) =>
      own === "" && statement.from === undefined && counted(statement) === "" && !isQuiet,
  );
  return (
    <div className={classes.part}>
      <ImpactList rows={rows} nameOf={({ statement }) => subjectName(statement)} wrapped={isShort}>
        {(row) => <Statement row={row} quiet={isQuiet} doubt={doubt === null} />}
      </ImpactList>
      {shared === null ? null : (
        <p className={classes.shared}>
          <Detail text={shared.includes(" with: ") ? capital(shared) : sentence(shared)} />
        </p>
      )}
      {doubt === null ? null : (
        <p className={classes.shared}>
          <Doubt {...doubt} />
        </p>
      )}
    </div>
  );
}

function subjectName({ subject }: ImpactStatement): string {
  return subject.namespace ? `${subject.namespace}/${subject.name}` : subject.name;
}

function Statement({ row, quiet, doubt }: { row: ImpactRow; quiet: boolean; doubt: boolean }) {
  const { statement, own } = row;
  const { from, to, kind } = statement;
  const isMove = kind === "moves" && (from !== undefined || to !== undefined);
  const isWhole = quiet || isOpen(statement);
  return (
    <div className={classes.statement} data-quiet={isWhole || undefined}>
      {isWhole ? null : (
        <span className={classes.subject}>
          <Foreign>{subjectName(statement)}</Foreign>
        </span>
      )}
      <span className={classes.detail}>
        {from === undefined || quiet ? null : <Mono>{from}</Mono>}
        {isMove && from !== undefined ? <ArrowIcon /> : null}
        {isMove ? to === undefined ? "unknown" : <Foreign>{to}</Foreign> : null}
        {own === "" ? null : (
          <>
            {from === undefined && !isMove ? null : " · "}
            <Detail text={own} />
          </>
        )}
        {doubt && statement.certainty !== "exact" && kind !== "revert" ? (
          <>
            {" "}
            <Doubt certainty={statement.certainty} reason={statement.reason} />
          </>
        ) : null}
      </span>
      {counted(statement) === "" ? null : <span className={classes.count}>{counted(statement)}</span>}
    </div>
  );
}

/** Calico's own words stand in mono, to the letter. */
function Detail({ text }: { text: string }) {
  const [before = "", ...error] = text.split(/(?<= waits? with: )/);
  return (
    <>
      <Foreign>{before}</Foreign>
      {error.length === 0 ? null : <Mono wrap>{error.join("")}</Mono>}
    </>
  );
}

const ended = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);
const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

function Doubt({
  certainty,
  reason,
}: {
  certainty: ImpactStatement["certainty"];
  reason?: string | undefined;
}) {
  const isUnknown = certainty === "unknown";
  return (
    <span className={classes.doubt}>
      <span data-certainty={certainty}>{isUnknown ? "Not certain" : "At least this"}</span>
      {reason === undefined || reason === "" ? (
        "."
      ) : (
        <>
          : <Foreign>{ended(reason)}</Foreign>
        </>
      )}
    </span>
  );
}

function counted({ kind, count, certainty }: ImpactStatement): string {
  if ((kind !== "fails" && kind !== "noPool") || count === null) return "";
  return `${certainty === "atLeast" ? "at least " : ""}${plural(count, "pod")}`;
}
