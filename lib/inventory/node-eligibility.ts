import { matches, parseSelector } from "../ipam/selector.ts";
import type { Selector } from "../ipam/selector.ts";
import type { NodeRow } from "./node-row.ts";

interface Watched {
  /** Null: the text is not a selector. */
  readonly selector: Selector | null;
  /** Pools that use the text. */
  pools: number;
  matching: number;
}

/**
 * How many nodes each node selector of a pool matches, kept up by one evaluation a node and different selector text.
 * Pools of one cluster share a handful of texts.
 */
export class NodeEligibility {
  private readonly watched = new Map<string, Watched>();

  /** Starts counting for one more pool with this selector. */
  add(text: string, nodes: Iterable<NodeRow>): void {
    const known = this.watched.get(text);
    if (known) {
      known.pools += 1;
      return;
    }
    const selector = selectorOf(text);
    let matching = 0;
    if (selector) for (const node of nodes) if (matches(selector, node.labels)) matching += 1;
    this.watched.set(text, { selector, pools: 1, matching });
  }

  drop(text: string): void {
    const known = this.watched.get(text);
    if (!known) return;
    known.pools -= 1;
    if (known.pools === 0) this.watched.delete(text);
  }

  /** Follows one node; returns the selectors that found their first node, or lost their last. */
  move(before: NodeRow | null, after: NodeRow | null): readonly string[] {
    const turned: string[] = [];
    for (const [text, one] of this.watched) {
      if (!one.selector) continue;
      const had = one.matching > 0;
      if (before && matches(one.selector, before.labels)) one.matching -= 1;
      if (after && matches(one.selector, after.labels)) one.matching += 1;
      if (had !== one.matching > 0) turned.push(text);
    }
    return turned;
  }

  /** Nodes that the selector matches; null when it cannot be parsed or no pool uses it. */
  count(text: string): number | null {
    const known = this.watched.get(text);
    return known?.selector ? known.matching : null;
  }
}

function selectorOf(text: string): Selector | null {
  try {
    return parseSelector(text);
  } catch {
    return null;
  }
}
