import { Button } from "@mantine/core";
import type { Reservation } from "@/lib/contract/reservations.ts";
import { PhoneRow } from "../ui/phone-row.tsx";
import { Count, Foreign, Unknown } from "../ui/value.tsx";
import { Cidrs } from "./reservation-columns.tsx";

interface Props {
  readonly reservation: Reservation;
  readonly onDelete: (reservation: Reservation) => void;
}

/** A reservation on a phone: its name, what it covers and how much that is. */
export function ReservationPhoneRow({ reservation, onDelete }: Props) {
  const { name, cidrs, addresses } = reservation;
  return (
    <PhoneRow
      name={<Foreign>{name}</Foreign>}
      aside={
        <Button size="xs" onClick={() => onDelete(reservation)} aria-label={`Delete reservation ${name}`}>
          Delete
        </Button>
      }
      detail={<Cidrs cidrs={cidrs} />}
      end={
        addresses === null ? (
          <Unknown />
        ) : (
          <>
            <Count value={addresses} /> reserved
          </>
        )
      }
    />
  );
}
