/**
 * `calicoctl ipam show`, counted a second time from the raw objects by the plainest means: nothing of the product is used
 * here, so that a mistake in its model cannot hide in the expectation.
 */

interface Raw {
  readonly metadata: { readonly name: string };
}
export interface RawPool extends Raw {
  readonly spec: { readonly cidr: string; readonly disabled?: boolean };
}
export interface RawBlock extends Raw {
  readonly spec: {
    readonly cidr: string;
    readonly affinity?: string;
    readonly allocations: readonly (number | null)[];
    readonly unallocated: readonly number[];
    readonly attributes: readonly RawAttribute[];
  };
}
interface RawAttribute {
  readonly handle_id?: string | null;
  readonly secondary?: Readonly<Record<string, string>> | null;
  readonly releasedAt?: string | null;
}
export interface RawReservation extends Raw {
  readonly spec: { readonly reservedCIDRs?: readonly string[] };
}

/** First and last address, both inclusive. */
interface Range {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

interface Figures {
  readonly cidr: string;
  readonly total: bigint;
  readonly inUse: bigint;
  readonly reserved: bigint;
  readonly free: bigint;
}

export interface Group {
  /** Null: blocks outside every pool. */
  readonly pool: (Figures & { readonly name: string }) | null;
  readonly blocks: readonly Figures[];
}

export type Layout = "v3.32" | "v3.33";

/** Pools by name with their blocks by name, the blocks outside every pool last. */
export function countGroups(
  pools: readonly RawPool[],
  blocks: readonly RawBlock[],
  reservations: readonly RawReservation[],
): readonly Group[] {
  const reserved = reservations.flatMap(({ spec }) => (spec.reservedCIDRs ?? []).map(rangeOf));
  const rest = new Map(blocks.toSorted(byName).map((block) => [block, rangeOf(block.spec.cidr)]));
  const groups = pools.toSorted(byName).map((pool): Group => {
    const range = rangeOf(pool.spec.cidr);
    const own = [...rest].filter(([, at]) => overlap(at, range));
    for (const [block] of own) rest.delete(block);
    const figures = own.map(([block, at]) => countBlock(block, at, reserved));
    const covered = union([...reserved, ...own.map(([, at]) => at)], range);
    const total = size(range);
    const inUse = sum(figures.map((block) => block.inUse));
    const free = sum(figures.map((block) => block.free)) + total - covered;
    const name = pool.metadata.name;
    return {
      pool: { name, cidr: pool.spec.cidr, total, inUse, reserved: union(reserved, range), free },
      blocks: figures,
    };
  });
  const orphans = [...rest].filter(([, { family }]) => family === 4);
  return [...groups, { pool: null, blocks: orphans.map(([block, at]) => countBlock(block, at, reserved)) }];
}

function countBlock({ spec }: RawBlock, range: Range, all: readonly Range[]): Figures {
  const reserved = all.filter((each) => overlap(each, range));
  const isReserved = (ordinal: number) => {
    const address = range.first + BigInt(ordinal);
    return reserved.some(({ first, last }) => first <= address && address <= last);
  };
  const free =
    reserved.length === 0
      ? spec.unallocated.length
      : spec.unallocated.filter((ordinal) => !isReserved(ordinal)).length;
  const inUse = spec.allocations.length - spec.unallocated.length;
  return {
    cidr: spec.cidr,
    total: size(range),
    inUse: BigInt(inUse),
    reserved: union(reserved, range),
    free: BigInt(free),
  };
}

/** The text as that calicoctl prints it. */
export function printShow(groups: readonly Group[], layout: Layout, withBlocks: boolean): string {
  const header = [
    "GROUPING",
    "CIDR",
    "IPS TOTAL",
    "IPS IN USE",
    ...(layout === "v3.33" ? ["IPS RESERVED"] : []),
    "IPS FREE",
  ];
  const rows = groups.flatMap(({ pool, blocks }) => [
    ...(pool ? [cells("IP Pool", pool, layout)] : []),
    ...(withBlocks ? blocks.map((block) => cells("Block", block, layout)) : []),
  ]);
  const widths = header.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const rule = `+${widths.map((width) => "-".repeat(width + 2)).join("+")}+`;
  const line = (row: readonly string[], place: (cell: string, width: number, at: number) => string) =>
    `| ${row.map((cell, at) => place(cell, widths[at] ?? 0, at)).join(" | ")} |`;
  const isRight = (cell: string, at: number) => (layout === "v3.33" ? at >= 2 : /^[0-9]+$/.test(cell));
  return [
    rule,
    line(header, (cell, width) => {
      const before = layout === "v3.33" ? 0 : Math.floor((width - cell.length) / 2);
      return (" ".repeat(before) + cell).padEnd(width);
    }),
    rule,
    ...rows.map((row) =>
      line(row, (cell, width, at) => (isRight(cell, at) ? cell.padStart(width) : cell.padEnd(width))),
    ),
    rule,
    "",
  ].join("\n");
}

function cells(grouping: string, figures: Figures, layout: Layout): readonly string[] {
  const { cidr, total, inUse, reserved, free } = figures;
  const cell = (count: bigint) => `${fiveDigits(count)} (${percent(count, total)}%)`;
  const left = layout === "v3.33" ? free : total - inUse;
  return [
    grouping,
    cidr,
    fiveDigits(total),
    cell(inUse),
    ...(layout === "v3.33" ? [cell(reserved)] : []),
    cell(left),
  ];
}

/** C's %.5g for whole numbers. */
function fiveDigits(count: bigint): string {
  if (count < 100_000n) return String(count);
  const [digits = "", exponent = ""] = Number(count).toExponential(4).split("e+");
  return `${String(Number(digits))}e+${exponent.padStart(2, "0")}`;
}

/** Whole percent, a half to the even side. */
function percent(part: bigint, whole: bigint): bigint {
  const floor = (100n * part) / whole;
  const twice = 2n * ((100n * part) % whole);
  if (twice === whole) return floor % 2n === 0n ? floor : floor + 1n;
  return twice > whole ? floor + 1n : floor;
}

/** Addresses of `within` that at least one of the ranges covers. */
function union(ranges: readonly Range[], within: Range): bigint {
  let count = 0n;
  let reached = within.first - 1n;
  for (const range of ranges
    .filter((each) => overlap(each, within))
    .toSorted((a, b) => (a.first < b.first ? -1 : 1))) {
    const first = range.first > reached ? range.first : reached + 1n;
    const last = range.last < within.last ? range.last : within.last;
    if (last >= first) count += last - first + 1n;
    if (last > reached) reached = last;
  }
  return count;
}

export function overlap(a: Range, b: Range): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

function size({ first, last }: Range): bigint {
  return last - first + 1n;
}

/** A CIDR, or one address. */
export function rangeOf(text: string): Range {
  const [address = "", prefix] = text.split("/");
  const family = address.includes(":") ? 6 : 4;
  const bits = family === 6 ? 128 : 32;
  const host = BigInt(bits - Number(prefix ?? bits));
  const first = (numberOf(address) >> host) << host;
  return { family, first, last: first + (1n << host) - 1n };
}

function numberOf(address: string): bigint {
  if (!address.includes(":")) {
    return address.split(".").reduce((value, part) => value * 256n + BigInt(part), 0n);
  }
  const [left = "", right] = address
    .split("::")
    .map((half) => half.split(":").filter((group) => group !== ""));
  const groups =
    right === undefined
      ? left
      : [...left, ...Array<string>(8 - left.length - right.length).fill("0"), ...right];
  return (groups as string[]).reduce((value, group) => value * 65_536n + BigInt(`0x${group}`), 0n);
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}

function byName(a: Raw, b: Raw): number {
  return a.metadata.name < b.metadata.name ? -1 : 1;
}
