"use client";
import { Button } from "@mantine/core";
import Link from "next/link";
import { ListPage } from "@/components/ui/list-page.tsx";
import { useNamespaceOptions, useNodeOptions, usePoolOptions } from "@/components/ui/name-options.ts";
import { useUrlState } from "@/components/ui/use-url-state.ts";
import { addressKinds, addressStates } from "@/lib/contract/states.ts";
import { addressQueries } from "@/lib/queries/addresses.ts";
import { ReservationsView } from "@/components/reservations/reservations-view.tsx";
import { AddressCard } from "./address-card.tsx";
import { addressColumns } from "./address-columns.tsx";
import { AddressPhoneRow } from "./address-phone-row.tsx";
import { AddressViews } from "./address-views.tsx";
import { kindWords, stateWords } from "./address-words.ts";

const stateOptions = addressStates.map((state) => ({ value: state, label: stateWords[state] }));
const kindOptions = addressKinds.map((kind) => ({ value: kind, label: kindWords[kind] }));

/** Addresses, or with `?view=reservations` what is set aside of them. */
export function AddressesPage() {
  const { params } = useUrlState();
  return params.get("view") === "reservations" ? <ReservationsView /> : <AddressesView />;
}

function AddressesView() {
  const { params, set } = useUrlState();
  const ip = params.get("ip");
  return (
    <ListPage
      noun={{ one: "address", many: "addresses" }}
      columns={addressColumns}
      query={addressQueries.list}
      firstSort={{ id: "ip", desc: false }}
      textOf="address, owner, node"
      fields={[
        { param: "pool", label: "Pool", values: usePoolOptions() },
        { param: "namespace", label: "Namespace", values: useNamespaceOptions() },
        { param: "node", label: "Node", values: useNodeOptions() },
        { param: "state", label: "State", values: stateOptions },
        { param: "kind", label: "Kind", values: kindOptions },
        { param: "block", label: "Block" },
      ]}
      views={<AddressViews />}
      rowId={(address) => address.ip}
      selectedId={ip}
      onOpen={(address) => set({ ip: address.ip }, "push")}
      phoneRow={(address) => <AddressPhoneRow address={address} />}
      none={{
        title: "There is no address space yet",
        detail: "Addresses come from IP pools. Create one, and its range is listed here.",
        action: (
          <Button component={Link} href="/pools?new=form">
            New pool
          </Button>
        ),
      }}
    >
      {ip === null ? null : <AddressCard key={ip} ip={ip} onClose={() => set({ ip: null })} />}
    </ListPage>
  );
}
