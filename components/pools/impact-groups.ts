import type { ImpactStatement } from "@/lib/contract/impact.ts";
import { isOpen, subjectsOf } from "./impact-count.ts";

type Kind = ImpactStatement["kind"];

/** What fails comes first; what does not change comes last. */
const kinds: readonly Kind[] = [
  "fails",
  "noPool",
  "moves",
  "removed",
  "poolState",
  "capacity",
  "revert",
  "unchanged",
];

const sorts = ["namespace", "workload", "pod", "node", "pool", "gained"] as const;
/** What a group is about. `gained`: tunnel addresses that a node did not have before. */
type Sort = (typeof sorts)[number];

export interface ImpactRow {
  readonly statement: ImpactStatement;
  /** The part of its detail that the others of the group do not share. */
  readonly own: string;
}

/** Statements with an end in common: what all of them say stands once in `shared`, and their doubt in `doubt`. */
export interface ImpactPart {
  readonly rows: readonly ImpactRow[];
  readonly shared: string | null;
  readonly doubt: Pick<ImpactStatement, "certainty" | "reason"> | null;
}

/** Statements of one kind about one sort of thing. */
export interface ImpactGroup {
  readonly kind: Kind;
  /** What is counted, in words; "": it is not counted. */
  readonly what: string;
  readonly count: number;
  readonly certainty: ImpactStatement["certainty"];
  readonly parts: readonly ImpactPart[];
}

/** Ends that are told apart in one group; rows of further ones keep their own words. */
const MOST_PARTS = 5;

/** An impact's statements in the order in which they are read. */
export function impactGroups(statements: readonly ImpactStatement[]): readonly ImpactGroup[] {
  return kinds.flatMap((kind) => {
    const ofKind = statements.filter((statement) => statement.kind === kind);
    return sorts.flatMap((sort) => {
      const found = ofKind.filter((statement) => sortOf(statement) === sort);
      return found.length === 0 ? [] : [groupOf(kind, sort, found)];
    });
  });
}

function sortOf({ kind, subject, from, to }: ImpactStatement): Sort {
  // Of these there are few, and they are told apart by their words.
  if (kind === "capacity" || kind === "revert" || kind === "unchanged") return "pool";
  if (kind === "moves" && from === undefined && to !== undefined) return "gained";
  switch (subject.kind) {
    case "Namespace":
      return "namespace";
    case "Pod":
      return "pod";
    case "Node":
      return "node";
    case "IPPool":
      return "pool";
    default:
      return "workload";
  }
}

function groupOf(kind: Kind, sort: Sort, statements: readonly ImpactStatement[]): ImpactGroup {
  const { count, certainty } = subjectsOf(statements);
  return {
    kind,
    what: heading(kind, sort, count === 1 && certainty === "exact"),
    count,
    certainty,
    // Whoever has the most pods to lose stands first.
    parts: divided(statements.toSorted((a, b) => (b.count ?? 0) - (a.count ?? 0))).map(partOf),
  };
}

function partOf(statements: readonly ImpactStatement[]): ImpactPart {
  const { own, shared } = commonEnd(statements.map((each) => (isOpen(each) ? null : each.detail)));
  return {
    rows: statements.map((statement, index) => ({ statement, own: own[index] ?? statement.detail })),
    shared,
    doubt: commonDoubt(statements),
  };
}

/** Those that end alike together, in the order of their first, and last those that nobody ends like. */
function divided(statements: readonly ImpactStatement[]): readonly (readonly ImpactStatement[])[] {
  const byEnd = Map.groupBy(statements, ({ detail }) => detail.slice(detail.lastIndexOf("; ") + 1));
  const alike = [...byEnd.values()].filter(({ length }) => length > 1);
  if (alike.length === 0) return [statements];
  const kept = new Set(alike.toSorted((a, b) => b.length - a.length).slice(0, MOST_PARTS));
  const parts = alike.filter((part) => kept.has(part));
  const rest = [...byEnd.values()].filter((part) => !kept.has(part)).flat();
  return rest.length === 0 ? parts : [...parts, rest];
}

/**
 * Details are clauses with "; " between them. Those at the end that all have in common are taken off; a single detail keeps its
 * first. Nulls have no part in it and stay null.
 */
export function commonEnd(details: readonly (string | null)[]): {
  readonly own: readonly (string | null)[];
  readonly shared: string | null;
} {
  const split = details.map((detail) => detail?.split("; ") ?? null);
  const said = split.filter((clauses) => clauses !== null);
  const [first, ...others] = said;
  if (first === undefined) return { own: details, shared: null };
  const most = others.length === 0 ? first.length - 1 : first.length;
  let length = 0;
  while (
    length < most &&
    others.every((clauses) => length < clauses.length && clauses.at(-1 - length) === first.at(-1 - length))
  )
    length += 1;
  if (length === 0) return { own: details, shared: null };
  return {
    own: split.map((clauses) => clauses?.slice(0, clauses.length - length).join("; ") ?? null),
    shared: first.slice(first.length - length).join("; "),
  };
}

/** The doubt that two statements or more have, when it is the same for all of them. */
function commonDoubt(statements: readonly ImpactStatement[]): ImpactPart["doubt"] {
  const [first, ...others] = statements.filter((each) => !isOpen(each));
  if (first === undefined || others.length === 0 || first.certainty === "exact") return null;
  const { certainty, reason } = first;
  const isSame = others.every((each) => each.certainty === certainty && each.reason === reason);
  return isSame ? { certainty, ...(reason === undefined ? {} : { reason }) } : null;
}

function heading(kind: Kind, sort: Sort, one: boolean): string {
  const noun =
    sort === "gained" ? "tunnel address" : kind === "moves" || kind === "removed" ? carried[sort] : sort;
  const subject = one ? noun : noun.endsWith("s") ? `${noun}es` : `${noun}s`;
  switch (kind) {
    case "fails":
      if (sort === "pod") return `${subject} that will fail when ${one ? "it restarts" : "they restart"}`;
      return `${subject} whose new pods will fail`;
    case "noPool":
      return `${subject} left without any pool`;
    case "moves":
      if (sort === "gained") return `${subject} that ${one ? "is" : "are"} new`;
      return `${subject} that ${one ? "moves" : "move"}`;
    case "removed":
      // Of a pool something stops that works today; how many addresses that hits is part of its words.
      if (sort === "pool") return "";
      return `${subject} that ${one ? "goes" : "go"} away`;
    case "poolState":
      return `${subject} ${one ? "changes" : "change"} state`;
    default:
      return "";
  }
}

/** What moves or goes away: of a node it is the address that it carries. */
const carried: Readonly<Record<Sort, string>> = {
  namespace: "namespace",
  workload: "workload",
  pod: "pod",
  node: "tunnel address",
  pool: "pool",
  gained: "tunnel address",
};
