import type { Impact, ImpactStatement } from "@/lib/contract/impact.ts";
import { formatCount } from "../ui/count.ts";
import { DialogRow } from "../ui/dialog.tsx";
import { ArrowIcon } from "../ui/icons.tsx";
import { Glyph } from "../ui/glyph.tsx";
import { Foreign, Mono } from "../ui/value.tsx";
import { subjectsOf } from "./impact-count.ts";
import classes from "./impact-rows.module.css";
import { plural } from "./pool-words.ts";

type Kind = ImpactStatement["kind"];

/** What fails comes first; what does not change comes last. */
const order: readonly Kind[] = [
  "fails",
  "noPool",
  "moves",
  "removed",
  "poolState",
  "capacity",
  "revert",
  "unchanged",
];

/** Rows shown of one kind before the rest is only counted. */
const shown = 12;

/** What an action would do, as rows of a dialog. */
export function ImpactRows({ impact }: { impact: Impact }) {
  return order.map((kind) => {
    const statements = impact.statements.filter((statement) => statement.kind === kind);
    return statements.length === 0 ? null : <KindRow key={kind} kind={kind} statements={statements} />;
  });
}

/** Whether anybody has to read it before the action: false when everything stays as it is. */
export function mattersToSomebody(impact: Impact): boolean {
  return (
    impact.confirm === "typeName" ||
    impact.statements.some(({ kind }) => kind !== "unchanged" && kind !== "capacity")
  );
}

function KindRow({ kind, statements }: { kind: Kind; statements: readonly ImpactStatement[] }) {
  const facts = (
    <>
      <ul className={classes.list}>
        {statements.slice(0, shown).map((statement, index) => (
          // Two statements may be about one subject; the list is never reordered.
          // oxlint-disable-next-line react/no-array-index-key
          <Statement key={index} statement={statement} />
        ))}
      </ul>
      {statements.length > shown ? <p>and {formatCount(statements.length - shown)} more</p> : null}
    </>
  );
  if (kind === "revert")
    return <DialogRow head={<Word shape="triangle" tone="warn" word="May be reverted" />}>{facts}</DialogRow>;
  if (kind === "unchanged")
    return <DialogRow head={<Word shape="dot" tone="ok" word="Does not change" />}>{facts}</DialogRow>;
  if (kind === "capacity")
    return <DialogRow head={<Word shape="ring" tone="muted" word="Capacity" />}>{facts}</DialogRow>;
  const { count, certainty } = subjectsOf(statements);
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
      what={heading(kind, statements)}
      tone={kind === "fails" || kind === "noPool" ? "crit" : "plain"}
    >
      {facts}
    </DialogRow>
  );
}

function Word({
  shape,
  tone,
  word,
}: {
  shape: "triangle" | "dot" | "ring";
  tone: "warn" | "ok" | "muted";
  word: string;
}) {
  return (
    <>
      <Glyph shape={shape} tone={tone} />
      {word}
    </>
  );
}

function heading(kind: Kind, statements: readonly ImpactStatement[]): string {
  const { count, certainty } = subjectsOf(statements);
  const one = count === 1 && certainty === "exact";
  const subjects = new Set(statements.map((statement) => statement.subject.kind));
  const only = subjects.size === 1 ? [...subjects][0] : undefined;
  switch (kind) {
    case "fails":
      if (only === "Namespace")
        return one ? "namespace whose new pods will fail" : "namespaces whose new pods will fail";
      if (only === "Pod")
        return one ? "pod that will fail when it restarts" : "pods that will fail when they restart";
      return one ? "thing whose new pods will fail" : "places where new pods will fail";
    case "noPool":
      return one ? "is left without any pool" : "are left without any pool";
    case "moves":
      return one ? "tunnel address that moves" : "tunnel addresses that move";
    case "removed":
      return one ? "object that is removed" : "objects that are removed";
    case "poolState":
      return one ? "pool changes state" : "pools change state";
    default:
      return "";
  }
}

function Statement({ statement }: { statement: ImpactStatement }) {
  const { kind, subject, from, to, detail, certainty, reason } = statement;
  const quiet = kind === "unchanged" || kind === "revert" || kind === "capacity";
  return (
    <li className={classes.statement} data-quiet={quiet || undefined}>
      {quiet ? null : (
        <span className={classes.subject}>
          <Foreign>{subject.namespace ? `${subject.namespace}/${subject.name}` : subject.name}</Foreign>
        </span>
      )}
      <span className={classes.detail}>
        {kind === "moves" && from !== undefined ? (
          <>
            <Mono>{from}</Mono> <ArrowIcon /> {to === undefined ? "unknown" : <Foreign>{to}</Foreign>}
            {detail === "" ? null : (
              <>
                {" · "}
                <Foreign>{detail}</Foreign>
              </>
            )}
          </>
        ) : (
          <Foreign>{detail}</Foreign>
        )}
        {certainty === "exact" || kind === "revert" ? null : (
          <span className={classes.doubt}>
            {certainty === "atLeast" ? " At least this." : " Not certain."}
            {reason === undefined ? null : (
              <>
                {" "}
                <Foreign>{reason}</Foreign>
              </>
            )}
          </span>
        )}
      </span>
      {kind === "fails" ? <span className={classes.count}>{failing(statement)}</span> : null}
    </li>
  );
}

function failing({ count, certainty }: ImpactStatement): string {
  if (count === null) return "";
  return `${certainty === "atLeast" ? "at least " : ""}${plural(count, "pod")}`;
}
