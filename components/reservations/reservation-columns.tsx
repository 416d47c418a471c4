import { Button } from "@mantine/core";
import Link from "next/link";
import type { Reservation } from "@/lib/contract/reservations.ts";
import { poolHref } from "../pools/pool-name.tsx";
import type { Column } from "../ui/column.ts";
import { Count, Foreign, Mono, Unknown } from "../ui/value.tsx";
import classes from "./reservations.module.css";

const reason = ({ unknown }: Reservation, field: string) =>
  unknown?.find((entry) => entry.field === field)?.reason ?? "cannot be read";

/** CIDRs shown of one reservation; the rest is counted. */
const shown = 3;

export function Cidrs({ cidrs }: { cidrs: readonly string[] }) {
  if (cidrs.length === 0) return <span className={classes.quiet}>none</span>;
  return (
    <span className={classes.cidrs} title={cidrs.join(", ")}>
      {cidrs.slice(0, shown).map((cidr) => (
        <Mono key={cidr}>{cidr}</Mono>
      ))}
      {cidrs.length > shown ? <span className={classes.quiet}>and {cidrs.length - shown} more</span> : null}
    </span>
  );
}

export function reservationColumns(
  onDelete: (reservation: Reservation) => void,
): readonly Column<Reservation>[] {
  return [
    {
      id: "name",
      header: "Reservation",
      width: 200,
      value: ({ name }) => name,
      cell: ({ name }) => <Foreign>{name}</Foreign>,
    },
    {
      id: "cidrs",
      header: "Reserves",
      sortable: false,
      value: ({ cidrs }) => cidrs.join(" "),
      cell: ({ cidrs }) => <Cidrs cidrs={cidrs} />,
    },
    {
      id: "addresses",
      header: "Addresses",
      width: 120,
      align: "end",
      value: ({ addresses }) => (addresses === null ? null : BigInt(addresses)),
      cell: ({ addresses }) => (addresses === null ? <Unknown /> : <Count value={addresses} />),
    },
    {
      id: "inUse",
      header: "In use all the same",
      width: 150,
      align: "end",
      value: ({ inUse }) => inUse,
      cell: (reservation) =>
        reservation.inUse === null ? (
          <Unknown reason={reason(reservation, "inUse")} />
        ) : (
          <Count value={reservation.inUse} />
        ),
    },
    {
      id: "pools",
      header: "Pools it touches",
      width: 220,
      sortable: false,
      value: ({ pools }) => pools?.join(" ") ?? null,
      cell: (reservation) => {
        const { pools } = reservation;
        if (pools === null) return <Unknown reason={reason(reservation, "pools")} />;
        if (pools.length === 0) return <span className={classes.quiet}>none</span>;
        return pools.map((pool, index) => (
          <span key={pool}>
            {index === 0 ? null : ", "}
            <Link href={poolHref(pool)}>
              <Foreign>{pool}</Foreign>
            </Link>
          </span>
        ));
      },
    },
    {
      id: "delete",
      header: "Change",
      width: 92,
      align: "end",
      sortable: false,
      exported: false,
      value: () => null,
      cell: (reservation) => (
        <Button
          size="xs"
          onClick={() => onDelete(reservation)}
          aria-label={`Delete reservation ${reservation.name}`}
        >
          Delete
        </Button>
      ),
    },
  ];
}
