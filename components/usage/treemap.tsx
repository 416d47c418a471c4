"use client";
import { useElementSize } from "@mantine/hooks";
import Link from "next/link";
import { useMemo } from "react";
import { Treemap as Chart, type TreemapNode } from "recharts";
import { usePainting } from "../shot/painting.ts";
import { countText } from "../ui/count.ts";
import { visibleText } from "../ui/visible-text.ts";
import type { Holder } from "./holders.ts";
import classes from "./treemap.module.css";

interface Props {
  readonly holders: readonly Holder[];
  readonly height: number;
}

/** Holders as areas. Its names may be cut, and its smallest parts have none: the table beside it has all of them. */
export function Treemap({ holders, height }: Props) {
  const { ref, width } = useElementSize();
  usePainting(width > 0);
  const data = useMemo(
    () => holders.map((holder) => ({ name: holder.key, size: Number(holder.count) })),
    [holders],
  );
  const byKey = useMemo(() => new Map(holders.map((holder) => [holder.key, holder])), [holders]);
  return (
    <div ref={ref} className={classes.box} style={{ height }}>
      {width === 0 ? null : (
        <Chart
          width={width}
          height={height}
          data={data}
          dataKey="size"
          nodeGap={2}
          isAnimationActive={false}
          isUpdateAnimationActive={false}
          content={(node: TreemapNode) => <Part node={node} holder={byKey.get(node.name)} />}
        />
      )}
    </div>
  );
}

function Part({ node, holder }: { node: TreemapNode; holder: Holder | undefined }) {
  // The root of the tree has no holder.
  if (holder === undefined) return <g />;
  const { href, kind } = holder;
  const name = visibleText(holder.name);
  // Half of an edge would lie outside the picture.
  const inset = kind === "none" ? 0.5 : 0;
  const words = `${name}: ${countText(holder.count)}`;
  const cell = (
    <>
      <title>{words}</title>
      <rect
        className={classes.part}
        data-kind={kind}
        x={node.x + inset}
        y={node.y + inset}
        width={Math.max(0, node.width - 2 * inset)}
        height={Math.max(0, node.height - 2 * inset)}
      />
      <Words node={node} name={name} count={countText(holder.count)} />
    </>
  );
  return href === null ? (
    <g>{cell}</g>
  ) : (
    <Link className={classes.link} href={href} prefetch={false} aria-label={words}>
      {cell}
    </Link>
  );
}

const padding = 8;
/** About what a letter of the 12 px text takes. */
const letter = 6.6;

function Words({ node, name, count }: { node: TreemapNode; name: string; count: string }) {
  const letters = Math.floor((node.width - 2 * padding) / letter);
  if (letters < Math.min(name.length, 6) || node.height < 24) return null;
  const x = node.x + padding;
  return (
    <g className={classes.words} aria-hidden="true">
      <text className={classes.name} x={x} y={node.y + 18}>
        {name.length > letters ? `${name.slice(0, letters - 1)}…` : name}
      </text>
      {node.height < 42 || count.length > letters ? null : (
        <text className={classes.count} x={x} y={node.y + 34}>
          {count}
        </text>
      )}
    </g>
  );
}
