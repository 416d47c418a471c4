import { VisuallyHidden } from "@mantine/core";
import type { Cidr } from "@/lib/ipam/cidr.ts";
import { formatCidr } from "@/lib/ipam/cidr.ts";
import { Foreign, Mono } from "../ui/value.tsx";
import classes from "./address-line.module.css";
import {
  type AddressLine as Line,
  addressLine,
  type LineSegment,
  type NamedCidr,
} from "./address-line-model.ts";

interface Props {
  /** What is being typed. */
  readonly wanted: readonly Cidr[];
  readonly pools: readonly NamedCidr[];
  /** What an overlap with a pool is: a mistake, or the point of it. */
  readonly overlap: "wrong" | "meant";
  /** What is wanted, in a word: “new pool”. */
  readonly noun: string;
}

/** Pools beyond this are only counted below the line. */
const named = 6;

/** What is wanted among the pools: a line of addresses with a segment each, and the same in words for whoever does not see it. */
export function AddressLine({ wanted, pools, overlap, noun }: Props) {
  const line = addressLine(wanted, pools);
  if (line === null) return null;
  const wrong = overlap === "wrong" && line.overlapped.length > 0;
  return (
    <div className={classes.figure} role="group" aria-label="Where it lies">
      <div className={classes.line} aria-hidden="true">
        {line.segments.map((segment) => (
          <Segment key={`${segment.kind} ${segment.name} ${segment.from}`} segment={segment} wrong={wrong} />
        ))}
      </div>
      <div className={classes.ends} aria-hidden="true">
        <Mono>{line.first}</Mono>
        <Mono>{line.last}</Mono>
      </div>
      <p className={classes.words} data-wrong={wrong || undefined} role="status">
        <Position line={line} overlap={overlap} />
      </p>
      <VisuallyHidden>
        <ol aria-label={`Address line of the ${noun}`}>
          {[
            ...line.pools.slice(0, named).map(({ name, cidr }) => ({ name, cidr })),
            ...wanted.map((cidr) => ({ name: noun, cidr })),
          ]
            .sort((one, other) => (one.cidr.base < other.cidr.base ? -1 : 1))
            .map(({ name, cidr }) => (
              <li key={`${name} ${formatCidr(cidr)}`}>
                {name} <Mono>{formatCidr(cidr)}</Mono>
              </li>
            ))}
        </ol>
      </VisuallyHidden>
    </div>
  );
}

function Segment({ segment, wrong }: { segment: LineSegment; wrong: boolean }) {
  const { kind, name, cidr, from, to } = segment;
  const style = { insetInlineStart: `${from * 100}%`, width: `max(2px, ${(to - from) * 100}%)` };
  return (
    <span
      className={classes.segment}
      data-kind={kind === "overlap" && !wrong ? "wanted" : kind}
      style={style}
      title={kind === "pool" ? `${name}  ${cidr}` : cidr}
    >
      {kind === "pool" && to - from > 0.08 ? <Foreign>{name}</Foreign> : null}
    </span>
  );
}

function Position({ line, overlap }: { line: Line; overlap: Props["overlap"] }) {
  const { overlapped, below, above } = line;
  if (overlapped.length > 0) {
    return (
      <>
        {overlap === "wrong" ? "Overlaps " : "Lies in "}
        {overlapped.slice(0, named).map(({ name, cidr }, index) => (
          <span key={name}>
            {index === 0 ? "" : ", "}
            <Foreign>{name}</Foreign> <Mono>{formatCidr(cidr)}</Mono>
          </span>
        ))}
        {overlapped.length > named ? ` and ${overlapped.length - named} more` : ""}.
      </>
    );
  }
  const free = overlap === "wrong" ? "Free" : "In no pool";
  if (below !== null && above !== null)
    return (
      <>
        {free}, between <Foreign>{below}</Foreign> and <Foreign>{above}</Foreign>.
      </>
    );
  if (below === null && above === null) return <>{free}: there is no other pool of this family.</>;
  return (
    <>
      {free}, {below === null ? "below" : "above"} <Foreign>{below ?? above ?? ""}</Foreign>.
    </>
  );
}
