"use client";
import { Button } from "@mantine/core";
import { useCallback, useMemo } from "react";
import type { Reservation } from "@/lib/contract/reservations.ts";
import { createReservations, reservationQueries } from "@/lib/queries/reservations.ts";
import { AddressViews } from "../addresses/address-views.tsx";
import { lazily, usePrefetch } from "../ui/lazily.tsx";
import { ListPage } from "../ui/list-page.tsx";
import { useUrlState } from "../ui/use-url-state.ts";
import { useWindowed } from "../ui/use-windowed.ts";
import { reservationColumns } from "./reservation-columns.tsx";
import { ReservationPhoneRow } from "./reservation-phone-row.tsx";

const floats = { floats: true };
const ManifestDialog = lazily(
  async () => (await import("../manifest/manifest-dialog.tsx")).ManifestDialog,
  floats,
);
const ReservationForm = lazily(async () => (await import("./reservation-form.tsx")).ReservationForm, floats);
const DeleteReservation = lazily(
  async () => (await import("./delete-reservation.tsx")).DeleteReservation,
  floats,
);
const dialogs = [ReservationForm, DeleteReservation];

const example = `apiVersion: projectcalico.org/v3
kind: IPReservation
metadata:
  name: gateways
spec:
  reservedCIDRs:
    - 10.64.0.0/29
    - 10.64.7.1
`;

/** Addresses that Calico gives to nobody: what is set aside, what it touches, and who has one all the same. */
export function ReservationsView() {
  usePrefetch(dialogs);
  const { params, set } = useUrlState();
  const remove = useCallback((reservation: Reservation) => set({ delete: reservation.name }, "push"), [set]);
  const columns = useMemo(() => reservationColumns(remove), [remove]);
  // Dialogs need every name, whatever the table is narrowed to.
  const all = useWindowed(reservationQueries.list({}));
  const doomed = all.rows.find(({ name }) => name === params.get("delete"));
  const close = () => set({ new: null, delete: null });
  return (
    <ListPage
      noun={{ one: "reservation", many: "reservations" }}
      columns={columns}
      query={reservationQueries.list}
      firstSort={{ id: "name", desc: false }}
      textOf="name, CIDR, pool"
      fields={[]}
      views={<AddressViews />}
      actions={
        <>
          <Button onClick={() => set({ new: "yaml" })}>Paste YAML</Button>
          <Button variant="filled" onClick={() => set({ new: "form" })}>
            New reservation
          </Button>
        </>
      }
      rowId={({ name }) => name}
      phoneRow={(reservation) => <ReservationPhoneRow reservation={reservation} onDelete={remove} />}
      none={{
        title: "Nothing is reserved",
        detail:
          "An IPReservation keeps addresses of a pool back: for gateways, appliances, or whoever has them by hand.",
        action: <Button onClick={() => set({ new: "form" })}>New reservation</Button>,
      }}
    >
      {params.get("new") === "form" ? (
        <ReservationForm known={new Set(all.rows.map(({ name }) => name))} onClose={close} />
      ) : null}
      {params.get("new") === "yaml" ? (
        <ManifestDialog
          title="Create reservations from YAML"
          lead="One document or several, in either API version. Drop a file on the field, or paste."
          noun="reservation"
          verb="Create"
          done="created"
          action="reservations.write"
          example={example}
          mostKilobytes={64}
          send={createReservations}
          touches={["reservations", "pools"]}
          onClose={close}
        />
      ) : null}
      {doomed === undefined ? null : (
        <DeleteReservation key={doomed.name} reservation={doomed} onClose={close} />
      )}
    </ListPage>
  );
}
