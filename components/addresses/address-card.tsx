"use client";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { blockText } from "@/components/blocks/block-words.ts";
import { CopyButton } from "@/components/ui/copy.tsx";
import { type Fact, Settings } from "@/components/ui/facts.tsx";
import { MissingNotice } from "@/components/ui/missing.tsx";
import { QueryView } from "@/components/ui/query-view.tsx";
import { SidePanel } from "@/components/ui/side-panel.tsx";
import { Age, Foreign, Mono, Unknown } from "@/components/ui/value.tsx";
import type { AddressDetail } from "@/lib/contract/addresses.ts";
import { addressQueries } from "@/lib/queries/addresses.ts";
import { kindWords, ownerText, stateWords } from "./address-words.ts";
import classes from "./addresses-page.module.css";

/** Who has this address: asked for any address of the world, answered in words and facts. */
export function AddressCard({ ip, onClose }: { ip: string; onClose: () => void }) {
  const query = useQuery(addressQueries.detail(ip));
  return (
    <SidePanel label={`Address ${ip}`} eyebrow="Address" onClose={onClose}>
      <QueryView query={query} what={`Looking for ${ip}`}>
        {(address) => <Card address={address} />}
      </QueryView>
    </SidePanel>
  );
}

function Card({ address }: { address: AddressDetail }) {
  const blockLink =
    address.pool !== null && address.block !== null
      ? `/pools/${encodeURIComponent(address.pool)}?tab=map&block=${encodeURIComponent(address.block)}`
      : null;
  return (
    <div className={classes.card}>
      <h2 className={classes.title}>{address.ip}</h2>
      <p className={classes.explanation}>
        <Foreign>{address.explanation}</Foreign>
      </p>
      <MissingNotice of={[address]} />
      <Settings rows={facts(address)} />
      <div className={classes.links}>
        {blockLink === null ? null : (
          <Button component={Link} href={blockLink}>
            Show in the map
          </Button>
        )}
        {address.owner?.kind === "pod" && address.owner.namespace !== null ? (
          <Button
            component={Link}
            href={`/path?from=${encodeURIComponent(`${address.owner.namespace}/${address.owner.name}`)}`}
          >
            Path from this pod
          </Button>
        ) : null}
        <CopyButton text={address.ip} variant="subtle">
          Copy address
        </CopyButton>
      </div>
    </div>
  );
}

function facts(address: AddressDetail): readonly Fact[] {
  const { owner } = address;
  const rows: (Fact | null)[] = [
    { label: "State", value: address.outside ? "Outside every pool" : stateWords[address.state] },
    address.kind === null ? null : { label: "Kind", value: kindWords[address.kind] },
    owner === null
      ? null
      : {
          label: "Owner",
          value: <Foreign>{ownerText(address) ?? owner.name}</Foreign>,
        },
    address.node === null
      ? null
      : {
          label: "Node",
          value: <Mono>{address.node}</Mono>,
          ...(address.borrowed ? { note: "borrowed: another node owns the block" } : {}),
        },
    address.block === null ? null : { label: "Block", value: <Mono>{blockText(address.block)}</Mono> },
    address.outside === null
      ? { label: "Pool", value: <Unknown reason="The pools cannot be read." /> }
      : address.pool === null
        ? null
        : { label: "Pool", value: <Foreign>{address.pool}</Foreign> },
    address.since === null ? null : { label: "Since", value: <Age since={address.since} suffix=" ago" /> },
    address.handle === null ? null : { label: "Handle", value: <Mono wrap>{address.handle}</Mono> },
    address.reservedBy === null
      ? { label: "Reserved by", value: <Unknown reason="The reservations cannot be read." /> }
      : address.reservedBy.length === 0
        ? null
        : { label: "Reserved by", value: <Foreign>{address.reservedBy.join(", ")}</Foreign> },
  ];
  return rows.filter((row) => row !== null);
}
