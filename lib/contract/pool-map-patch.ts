import type { Unknown } from "./common.ts";
import type { PoolMap, PoolMapHeader } from "./pool-map.ts";
import { differIn } from "./pool-map-differing.ts";
import {
  type Column,
  type ColumnEntry,
  decodeColumns,
  encodeColumns,
  idColumn,
  type Ids,
  type Narrow,
  narrowColumn,
} from "./pool-map-container.ts";

/**
 * What has changed in the block map of a pool since a state of it ("PBD1", see `pool-map-container.ts`): the answer to
 * `since`, where the server remembers that state. A whole map comes otherwise.
 *
 *     row        u32           rows that differ, ascending
 *
 * and the columns of the map, `used` and `flags` and those that were asked for, with one value for each of these rows.
 */
export interface PoolMapPatchHeader extends Pick<PoolMapHeader, "version" | "state" | "columns"> {
  /** The state that it is to be applied to. */
  readonly since: string;
  /** Names that come after those that the map has already. Null: the column was not asked for. */
  readonly nodes: readonly string[] | null;
  readonly namespaces: readonly (string | null)[] | null;
  /** As in the map: what is not known now. */
  readonly unknown?: readonly Unknown[];
}

export interface PoolMapPatch extends Omit<PoolMap, "header" | "slot"> {
  readonly header: PoolMapPatchHeader;
  readonly row: Uint32Array;
}

const magic = "PBD1";

/** `columns` of the header are filled in here. `map`: the whole of it, as it is now. */
export function encodePoolMapPatch(
  header: Omit<PoolMapPatchHeader, "columns">,
  row: Uint32Array,
  map: Omit<PoolMap, "header" | "slot">,
): Uint8Array<ArrayBuffer> {
  const at = (column: Column | null) => column && picked(column, row);
  const { used, flags, node, namespace, claimed, lent } = map;
  const columns = { used, flags, node, namespace, claimed, lent };
  const values = Object.entries(columns).map(([name, column]) => [name, at(column)] as const);
  return encodeColumns(magic, header, { row, ...Object.fromEntries(values) });
}

/** Whether the bytes are a patch, and no whole map. */
export function isPoolMapPatch(buffer: ArrayBuffer): boolean {
  return new TextDecoder().decode(new Uint8Array(buffer, 0, Math.min(4, buffer.byteLength))) === magic;
}

/** Reads what `encodePoolMapPatch` wrote. Throws RangeError on anything else. */
export function decodePoolMapPatch(buffer: ArrayBuffer): PoolMapPatch {
  const decoded = decodeColumns<PoolMapPatchHeader & { readonly columns: readonly ColumnEntry[] }>(
    magic,
    buffer,
  );
  const row = decoded.columns.get("row");
  if (!(row instanceof Uint32Array)) throw new RangeError("the patch has no rows");
  const used = narrowColumn(decoded, "used", row.length);
  const flags = narrowColumn(decoded, "flags", row.length);
  if (!used || !flags) throw new RangeError("the patch lacks a column");
  const claimed = decoded.columns.get("claimed");
  return {
    header: decoded.header,
    row,
    used,
    flags,
    node: idColumn(decoded, "node", row.length),
    namespace: idColumn(decoded, "namespace", row.length),
    claimed: claimed instanceof Uint32Array ? claimed : null,
    lent: narrowColumn(decoded, "lent", row.length),
  };
}

/**
 * The map with what has changed; columns in which nothing has are the same arrays. Throws RangeError when the patch belongs to
 * another state or another set of columns.
 */
export function patchPoolMap(map: PoolMap, patch: PoolMapPatch): PoolMap {
  const { header, row } = patch;
  if (header.since !== map.header.state)
    throw new RangeError("the patch belongs to another state of the map");
  if ((row.at(-1) ?? -1) >= map.header.rows) throw new RangeError("the patch has rows that the map lacks");
  const { version, state, unknown } = header;
  const { unknown: _before, ...kept } = map.header;
  const next = <Values extends Narrow | Ids | Uint32Array>(before: Values | null, values: Values | null) => {
    if ((before === null) !== (values === null)) throw new RangeError("the patch has other columns");
    return before && values && withValues(before, row, values);
  };
  return {
    header: {
      ...kept,
      version,
      state,
      nodes: longer(map.header.nodes, header.nodes),
      namespaces: longer(map.header.namespaces, header.namespaces),
      ...(unknown ? { unknown } : {}),
    },
    slot: map.slot,
    used: next(map.used, patch.used) ?? map.used,
    flags: next(map.flags, patch.flags) ?? map.flags,
    node: next(map.node, patch.node),
    namespace: next(map.namespace, patch.namespace),
    claimed: next(map.claimed, patch.claimed),
    lent: next(map.lent, patch.lent),
  };
}

function picked(column: Column, rows: Uint32Array): Column {
  const values = column.slice(0, rows.length);
  rows.forEach((row, at) => (values[at] = column[row] ?? 0));
  return values;
}

/** As wide as the patch has them: that is what the map has now. The same column when nothing of it has changed. */
function withValues<Values extends Narrow | Ids | Uint32Array>(
  before: Values,
  rows: Uint32Array,
  values: Values,
): Values {
  const isSameWidth = before.BYTES_PER_ELEMENT === values.BYTES_PER_ELEMENT;
  const changed = new Uint32Array(rows.length);
  let count = 0;
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at] ?? 0;
    if (before[row] !== values[at]) changed[count++] = row;
  }
  if (isSameWidth && count === 0) return before;
  const next = isSameWidth ? before.slice() : new Uint32Array(before);
  for (let at = 0; at < rows.length; at += 1) next[rows[at] ?? 0] = values[at] ?? 0;
  const Width = values.constructor as new (from: ArrayLike<number>) => Values;
  const after = isSameWidth ? (next as Values) : new Width(next);
  differIn(before, after, changed.slice(0, count));
  return after;
}

function longer<Name>(names: readonly Name[] | null, more: readonly Name[] | null): readonly Name[] | null {
  return names === null || more === null || more.length === 0 ? names : [...names, ...more];
}
