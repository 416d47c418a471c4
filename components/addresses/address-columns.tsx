import Link from "next/link";
import { blockText } from "@/components/blocks/block-words.ts";
import { podHref } from "@/components/pods/pod-href.ts";
import type { Column } from "@/components/ui/column.ts";
import { Age, Foreign, Mono } from "@/components/ui/value.tsx";
import type { Address } from "@/lib/contract/addresses.ts";
import { addressText, kindWords, ownerText, stateWords } from "./address-words.ts";
import classes from "./addresses-page.module.css";

function Owner({ address }: { address: Address }) {
  const { owner } = address;
  if (owner === null) return null;
  const name = ownerText(address) ?? owner.name;
  if (owner.kind !== "pod" || owner.namespace === null) return <Foreign>{name}</Foreign>;
  return (
    <Link href={podHref(owner.namespace, owner.name)}>
      <span className={classes.oneLine} title={name}>
        <Foreign>{name}</Foreign>
      </span>
    </Link>
  );
}

export const addressColumns: readonly Column<Address>[] = [
  {
    id: "ip",
    header: "Address",
    width: 230,
    value: addressText,
    cell: (address) => <Mono>{addressText(address)}</Mono>,
  },
  {
    id: "state",
    header: "State",
    width: 120,
    value: (address) => stateWords[address.state],
    cell: (address) => (
      <span className={address.state === "used" ? undefined : classes.secondary}>
        {stateWords[address.state]}
        {address.borrowed ? <span className={classes.mark}>borrowed</span> : null}
        {address.leakCandidate ? <span className={classes.leak}>leak candidate</span> : null}
      </span>
    ),
  },
  {
    id: "kind",
    header: "Kind",
    width: 110,
    value: (address) => (address.kind === null ? null : kindWords[address.kind]),
  },
  {
    id: "owner",
    header: "Owner",
    value: ownerText,
    cell: (address) => <Owner address={address} />,
  },
  {
    id: "node",
    header: "Node",
    width: 140,
    value: (address) => address.node,
    cell: (address) => (address.node === null ? null : <Mono>{address.node}</Mono>),
  },
  {
    id: "block",
    header: "Block",
    width: 170,
    optional: true,
    sortable: false,
    value: (address) => address.block,
    cell: (address) => (address.block === null ? null : <Mono>{blockText(address.block)}</Mono>),
  },
  {
    id: "pool",
    header: "Pool",
    width: 160,
    sortable: false,
    value: (address) => address.pool,
    cell: (address) => (address.pool === null ? null : <Foreign>{address.pool}</Foreign>),
  },
  {
    id: "since",
    header: "Since",
    width: 80,
    align: "end",
    value: (address) => address.since,
    cell: (address) => (address.since === null ? null : <Age since={address.since} />),
  },
  {
    id: "handle",
    header: "Handle",
    width: 260,
    sortable: false,
    optional: true,
    value: (address) => address.handle,
    cell: (address) => (address.handle === null ? null : <Mono>{address.handle}</Mono>),
  },
];
