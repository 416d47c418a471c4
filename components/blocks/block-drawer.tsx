"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { Address } from "@/lib/contract/addresses.ts";
import type { BlockDetail } from "@/lib/contract/blocks.ts";
import { addressQueries } from "@/lib/queries/addresses.ts";
import { blockQueries } from "@/lib/queries/blocks.ts";
import { addressColumns } from "../addresses/address-columns.tsx";
import { podHref } from "../pods/pod-href.ts";
import type { Column } from "../ui/column.ts";
import { DataTable } from "../ui/data-table.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { SaveRows } from "../ui/save-buttons.tsx";
import { Notice } from "../ui/states.tsx";
import { Age, CountOf, Foreign, Mono } from "../ui/value.tsx";
import { lookOf } from "./address-cells.ts";
import { AddressGrid } from "./address-grid.tsx";
import classes from "./block-drawer.module.css";
import { BlockPanel, type BlockPanelProps } from "./block-panel.tsx";
import { affinityWord, isInBlock } from "./block-words.ts";

interface Props extends BlockPanelProps {
  /** Name of the block object. */
  readonly name: string;
  readonly selectedIp: string | null;
  readonly onSelectIp: (ip: string) => void;
}

/** One block: its owner, every address of it, and the one that is looked at. */
export function BlockDrawer({ name, selectedIp, onSelectIp, ...panel }: Props) {
  const { cidr } = panel;
  const query = useQuery(blockQueries.detail(name));
  const { data } = query;
  return (
    <BlockPanel
      {...panel}
      aside={
        data ? (
          <>
            <CountOf value={data.used} of={data.capacity} /> in use
          </>
        ) : null
      }
    >
      <QueryView query={query} what={`Reading block ${cidr}`}>
        {(block) => (
          <>
            <p className={classes.owner}>
              {block.node === null ? (
                "No node owns it"
              ) : (
                <>
                  Owned by <b>{block.node}</b>
                </>
              )}
              , {block.affinity === "none" ? "no affinity" : `affinity ${affinityWord(block)}`}
              {block.claimedAt === null ? null : (
                <>
                  , claimed <Age since={block.claimedAt} suffix=" ago" />
                </>
              )}
            </p>
            {block.oddities.map((oddity) => (
              <Notice key={oddity}>
                <Foreign>{oddity}</Foreign>
              </Notice>
            ))}
            <AddressGrid block={block} selected={selectedIp} onSelect={onSelectIp} />
            {selectedIp !== null && isInBlock(block.cidr, selectedIp) ? <Explained ip={selectedIp} /> : null}
            <AddressList block={block} selectedIp={selectedIp} onSelectIp={onSelectIp} />
          </>
        )}
      </QueryView>
    </BlockPanel>
  );
}

/** What the selected address is, in words. */
function Explained({ ip }: { ip: string }) {
  const query = useQuery(addressQueries.detail(ip));
  return (
    <div className={classes.explained} aria-live="polite">
      <p className={classes.explainedHead}>
        <Link href={`/addresses?q=${encodeURIComponent(ip)}`}>
          <Mono>{ip}</Mono>
        </Link>
        {query.data ? <span className={classes.what}>{lookOf(query.data).words}</span> : null}
        {query.data?.since ? (
          <span className={classes.since}>
            since <Age since={query.data.since} />
          </span>
        ) : null}
      </p>
      <QueryView query={query} what={`Reading ${ip}`}>
        {(address) => (
          <>
            <p>
              <Foreign>{address.explanation}</Foreign>
            </p>
            <PodLink address={address} />
          </>
        )}
      </QueryView>
    </div>
  );
}

function PodLink({ address: { owner } }: { address: Address }) {
  if (owner?.kind !== "pod" || owner.namespace === null) return null;
  return (
    <p>
      <Link href={podHref(owner.namespace, owner.name)}>See the pod</Link>
    </p>
  );
}

const columns: readonly Column<Address>[] = [
  {
    id: "ip",
    header: "Address",
    width: 168,
    value: (address) => address.ip,
    cell: (address) => (
      <Mono>{address.lastIp === null ? address.ip : `${address.ip}–${lastPart(address.lastIp)}`}</Mono>
    ),
  },
  {
    id: "held",
    header: "Held by",
    value: (address) => lookOf(address).words,
    cell: (address) => <Holder address={address} />,
  },
  {
    id: "since",
    header: "Since",
    width: 64,
    align: "end",
    value: (address) => address.since,
    cell: (address) => (address.since === null ? null : <Age since={address.since} />),
  },
];

function lastPart(ip: string): string {
  return ip.includes(":") ? ip : ip.slice(ip.lastIndexOf(".") + 1);
}

function Holder({ address }: { address: Address }) {
  const { owner, state } = address;
  const name =
    owner === null ? null : owner.namespace === null ? owner.name : `${owner.namespace}/${owner.name}`;
  if (state !== "used" || name === null)
    return <span className={classes.quiet}>{lookOf(address).words}</span>;
  return (
    <>
      <Foreign>{name}</Foreign>
      {address.leakCandidate ? <span className={classes.leak}> leak candidate</span> : null}
      {address.borrowed ? <span className={classes.quiet}> borrowed</span> : null}
    </>
  );
}

function AddressList({
  block,
  selectedIp,
  onSelectIp,
}: {
  block: BlockDetail;
  selectedIp: string | null;
  onSelectIp: (ip: string) => void;
}) {
  return (
    <div className={classes.list}>
      <div className={classes.save}>
        <SaveRows name={`addresses-${block.cidr}`} columns={addressColumns} rows={block.addresses} />
      </div>
      <DataTable
        label={`Addresses of ${block.cidr}, listed`}
        columns={columns}
        rows={block.addresses}
        rowId={(address) => address.ip}
        sort={null}
        rowHeight={32}
        selectedId={selectedIp}
        onOpen={(address) => onSelectIp(address.ip)}
        whole
      />
    </div>
  );
}
