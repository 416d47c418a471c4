"use client";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { AddressError, parseAddress } from "@/lib/ipam/address.ts";
import { type Cidr, cidrAround, formatCidr, parseCidr } from "@/lib/ipam/cidr.ts";
import { freeCidr } from "@/lib/ipam/free-cidr.ts";
import { nodeQueries } from "@/lib/queries/nodes.ts";
import { Foreign, Mono } from "../ui/value.tsx";
import classes from "./free-cidr-hint.module.css";
import type { NamedCidr } from "./address-line-model.ts";

interface Props {
  /** What stands in the field. */
  readonly text: string;
  readonly pools: readonly NamedCidr[];
  readonly onUse: (cidr: string) => void;
}

/** Where most clusters have their Services, and where Docker has its bridge: no API tells. */
const usuallyTaken = ["10.96.0.0/12", "172.17.0.0/16"].map((text) => parseCidr(text).cidr);

/** A network of the size that was typed, or of a usual one, that overlaps neither pools nor the nodes' own networks. */
export function FreeCidrHint({ text, pools, onUse }: Props) {
  const nodes = useQuery(nodeQueries.sample()).data?.items ?? [];
  const family = text.includes(":") ? 6 : 4;
  const prefix = Number(/\/(\d{1,3})$/.exec(text.trim())?.[1] ?? (family === 4 ? 20 : 64));
  const networks = nodes.flatMap(({ addresses }) => addresses.flatMap(networkOf));
  const found = freeCidr(prefix, family, pools, [...networks, ...usuallyTaken]);
  if (found === null) return null;
  const cidr = formatCidr(found.cidr);
  return (
    <p className={classes.hint}>
      <span>
        <Mono>{cidr}</Mono> is a /{prefix} that fits <Place below={found.below} above={found.above} />.
      </span>
      <Button size="xs" onClick={() => onUse(cidr)}>
        Use {cidr}
      </Button>
    </p>
  );
}

function Place({ below, above }: { below: string | null; above: string | null }) {
  if (below !== null && above !== null)
    return (
      <>
        between <Foreign>{below}</Foreign> and <Foreign>{above}</Foreign>
      </>
    );
  if (below !== null)
    return (
      <>
        above <Foreign>{below}</Foreign>
      </>
    );
  if (above !== null)
    return (
      <>
        below <Foreign>{above}</Foreign>
      </>
    );
  return <>in a private range</>;
}

/** The network that a node's address most likely lies in: it is wider than the address tells. */
function networkOf(text: string): Cidr[] {
  try {
    const address = parseAddress(text);
    return [cidrAround(address, address.family === 4 ? 24 : 64)];
  } catch (error) {
    if (error instanceof AddressError) return [];
    throw error;
  }
}
