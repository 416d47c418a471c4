import Link from "next/link";
import { percentOf } from "../ui/count.ts";
import { Count, Foreign, Mono, Percent } from "../ui/value.tsx";
import type { Holder } from "./holders.ts";
import classes from "./holder-table.module.css";

interface Props {
  /** What the table is, for those who hear it. */
  readonly label: string;
  /** What a holder is: “Namespace”. */
  readonly what: string;
  readonly holders: readonly Holder[];
  /** All addresses that the shares are of. */
  readonly of: bigint;
  /** Names of machines are set in mono. */
  readonly mono?: boolean;
}

/** Holders with their counts, shares and a thin bar each. */
export function HolderTable({ label, what, holders, of, mono = false }: Props) {
  return (
    <table className={classes.table} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{what}</th>
          <th scope="col" className={classes.number}>
            Addresses
          </th>
          <th scope="col" className={classes.number}>
            Share
          </th>
        </tr>
      </thead>
      <tbody>
        {holders.map(({ key, kind, name, count, href }) => {
          const words = mono && kind === "one" ? <Mono>{name}</Mono> : <Foreign>{name}</Foreign>;
          return (
            <tr key={key}>
              <th scope="row">
                {href === null ? words : <Link href={href}>{words}</Link>}
                <span className={classes.bar} aria-hidden="true">
                  <span style={{ width: `${percentOf(count, of)}%` }} />
                </span>
              </th>
              <td className={classes.number}>
                <Count value={count} />
              </td>
              <td className={classes.share}>
                <Percent value={count} of={of} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
