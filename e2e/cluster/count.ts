import {
  countGroups,
  type Group,
  type RawBlock,
  type RawPool,
  type RawReservation,
} from "../../lib/cli/bench/calicoctl-count.ts";
import type { Product } from "./fixtures.ts";

/** Reads pools, blocks and reservations by kubectl, and counts. */
export async function countByHand(product: Product): Promise<readonly Group[]> {
  const [pools, blocks, reservations] = await Promise.all([
    product.objects<RawPool>(product.kind("IPPool")),
    product.objects<RawBlock>(product.kind("IPAMBlock")),
    product.objects<RawReservation>(product.kind("IPReservation")),
  ]);
  return countGroups(pools, blocks, reservations);
}
