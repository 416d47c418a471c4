import type { Family } from "./address.ts";
import type { TunnelType } from "./attribute-kind.ts";
import type { Pool } from "./pool.ts";
import { type Labels, matches, parseSelector, type Selector, SelectorError } from "./selector.ts";

export interface ImpactNode {
  readonly name: string;
  readonly labels: Labels;
  readonly tunnels: readonly { readonly type: TunnelType; readonly ip: string }[];
  /** The address that calico-node has written for it; null: none. */
  readonly bgpAddress: { readonly [F in Family]: string | null };
  /** Families for which it has published a WireGuard key. */
  readonly wireguard: { readonly [F in Family]: boolean };
}

/** Nodes by selector text: pools share a handful of them, and each is matched once. */
export class NodeSelection {
  readonly #nodes: readonly ImpactNode[];
  readonly #matching = new Map<string, readonly ImpactNode[] | null>();

  constructor(nodes: readonly ImpactNode[]) {
    this.#nodes = nodes;
  }

  /** Null: the text is no selector. */
  matching({ nodeSelector }: Pool): readonly ImpactNode[] | null {
    const known = this.#matching.get(nodeSelector);
    if (known !== undefined) return known;
    const selector = readSelector(nodeSelector);
    const found = selector && this.#nodes.filter(({ labels }) => matches(selector, labels));
    this.#matching.set(nodeSelector, found);
    return found;
  }

  count(pool: Pool): number | null {
    return this.matching(pool)?.length ?? null;
  }
}

/** Null: the text is no selector. */
export function readSelector(text: string): Selector | null {
  try {
    return parseSelector(text);
  } catch (error) {
    if (error instanceof SelectorError) return null;
    throw error;
  }
}
