"use client";
import Link from "next/link";
import type { Pool } from "@/lib/contract/pools.ts";
import { countText, formatPercent, percentOf } from "../ui/count.ts";
import { Figure } from "../ui/figure.tsx";
import { Glyph } from "../ui/glyph.tsx";
import { Powers } from "../ui/powers.tsx";
import { SaveRows } from "../ui/save-buttons.tsx";
import { Ticks } from "../ui/utilisation-bar.tsx";
import { usePhone } from "../ui/use-phone.ts";
import { Count, Percent, Unknown } from "../ui/value.tsx";
import { type CapacityPart, capacityColumns, capacityLines, capacityParts } from "./capacity-parts.ts";
import classes from "./capacity.module.css";
import { roomWords } from "./fragmentation-words.ts";
import { addresses, poolLevel } from "./pool-words.ts";

/** What a pool's addresses are used for, as one bar over its table, and in a sentence what room that leaves for nodes. */
export function Capacity({ pool }: { pool: Pool }) {
  const parts = capacityParts(pool);
  return (
    <Figure
      title="Where its addresses are"
      file={`capacity-${pool.name}`}
      summary={<Room pool={pool} />}
      actions={
        <SaveRows
          name={`capacity-${pool.name}`}
          columns={capacityColumns}
          rows={() => Promise.resolve(capacityLines(pool))}
        />
      }
    >
      <Bar pool={pool} parts={parts} />
      <Parts pool={pool} parts={parts} />
    </Figure>
  );
}

const shortOf: readonly Pool["fragmentation"]["newNode"][] = ["borrows", "refused", "full"];

/** Loud where a node without a block here cannot have one. */
function Room({ pool }: { pool: Pool }) {
  const words = <Powers>{roomWords(pool) ?? "How its free addresses lie cannot be told."}</Powers>;
  const { newNode } = pool.fragmentation;
  if (!shortOf.includes(newNode)) return words;
  return (
    <span className={classes.loud}>
      <Glyph shape="triangle" tone={newNode === "borrows" ? "warn" : "crit"} /> <span>{words}</span>
    </span>
  );
}

/** A pool larger than all of IPv4 has parts too thin to draw. */
const drawable = 2n ** 32n;

function Bar({ pool, parts }: { pool: Pool; parts: readonly CapacityPart[] }) {
  const { capacity, inUse } = pool.usage;
  if (capacity === null || parts.some(({ count }) => count === null)) {
    return <div className={classes.words}>what cannot be read cannot be drawn</div>;
  }
  if (BigInt(capacity) > drawable) {
    return (
      <div className={classes.words}>
        <span>
          {inUse === "0" ? "no address" : addresses(inUse ?? "0")} of <Count value={capacity} /> in use, too
          few to draw
        </span>
      </div>
    );
  }
  const level = poolLevel(pool)?.level ?? "ok";
  const { warn, crit } = pool.thresholds;
  return (
    // The table below says the same; its links are what the keyboard reaches.
    <div className={classes.bar} aria-hidden="true">
      <div className={classes.track}>
        {parts.map(({ kind, label, count }) =>
          count === null || count === 0n ? null : (
            <span
              key={kind}
              className={classes.part}
              data-kind={kind}
              data-level={kind === "pod" ? level : undefined}
              style={{ width: `${percentOf(count, capacity)}%` }}
              title={`${label}: ${countText(count)} of ${countText(capacity)}, ${formatPercent(count, capacity)}`}
            />
          ),
        )}
      </div>
      <Ticks at={pool.thresholds} />
      <span className={classes.tickWord} style={{ left: `${warn}%` }}>
        {warn} %
      </span>
      {crit === warn ? null : (
        <span className={classes.tickWord} style={{ left: `${crit}%` }}>
          {crit} %
        </span>
      )}
    </div>
  );
}

/** The bar's legend and its twin: each part with its count, its share and a link to its addresses. */
function Parts({ pool, parts }: { pool: Pool; parts: readonly CapacityPart[] }) {
  const phone = usePhone();
  const { capacity, borrowed } = pool.usage;
  const level = poolLevel(pool)?.level ?? "ok";
  const name = ({ kind, label, href }: CapacityPart) => (
    <Link className={classes.name} href={href}>
      <span className={classes.key} data-kind={kind} data-level={kind === "pod" ? level : undefined} />
      {label}
    </Link>
  );
  const count = (part: CapacityPart) => (part.count === null ? <Unknown /> : <Count value={part.count} />);
  const share = (part: CapacityPart) =>
    part.count === null || capacity === null ? null : <Percent value={part.count} of={capacity} />;
  return (
    <>
      <div className={classes.parts}>
        <table className={classes.table} aria-label={`Addresses of ${pool.name} by what they are`}>
          {phone ? (
            <>
              <thead className={classes.unseen}>
                <tr>
                  <th scope="col">What</th>
                  <th scope="col">Addresses</th>
                  <th scope="col">Share</th>
                </tr>
              </thead>
              <tbody>
                {parts.map((part) => (
                  <tr key={part.kind}>
                    <th scope="row">{name(part)}</th>
                    <td className={classes.count}>{count(part)}</td>
                    <td className={classes.share}>{share(part)}</td>
                  </tr>
                ))}
              </tbody>
            </>
          ) : (
            <>
              <thead>
                <tr>
                  {parts.map((part) => (
                    <th key={part.kind} scope="col">
                      {name(part)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                <tr>
                  {parts.map((part) => (
                    <td key={part.kind} className={classes.count}>
                      {count(part)}{" "}
                      {part.count === 0n ? null : <span className={classes.share}>{share(part)}</span>}
                    </td>
                  ))}
                </tr>
              </tbody>
            </>
          )}
        </table>
      </div>
      {borrowed === null || borrowed === "0" ? null : (
        <p className={classes.note}>
          {addresses(borrowed)} of those in use {borrowed === "1" ? "is" : "are"} borrowed: in use by another
          node than the block&apos;s owner.
        </p>
      )}
    </>
  );
}
