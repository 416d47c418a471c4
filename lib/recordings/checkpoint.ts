import { poolsWideText } from "../format/get-ippool-wide.ts";
import { ipamShowTable, ipamShowText, type ShowLayout } from "../format/ipam-show.ts";
import { borrowedTable, borrowedText } from "../format/show-borrowed.ts";
import { configurationTable, configurationText } from "../format/show-configuration.ts";
import { cidrSet } from "../ipam/cidr-set.ts";
import { compareNames } from "../ipam/cidr-name.ts";
import { defaultIpamConfig } from "../ipam/ipam-draft.ts";
import { type PoolUse, utilization } from "../ipam/utilization.ts";
import type { Replay } from "./replay.ts";
import type { ConfigSpec, Step } from "./step.ts";
import { readConfig, recordedAffinity, recordedBlock, recordedHandle } from "./stored.ts";

type Checkpoint = Extract<Step, { op: "checkpoint" }>;

/** Compares every object left behind and every text calicoctl prints of them. */
export function compareCheckpoint(replay: Replay, step: Checkpoint, where: string): void {
  const { result, snapshot } = replay;
  const byName = <Item extends { name: string }>(items: readonly Item[]) =>
    Object.fromEntries(
      items.toSorted((a, b) => compareNames(a.name, b.name)).map(({ name, ...rest }) => [name, rest]),
    );
  const named = <Spec>(specs: ReadonlyMap<string, Spec>) =>
    [...specs].map(([name, spec]) => ({ name, spec }));
  result.same(
    `${where} blocks`,
    byName([...snapshot.blocks.values()].map(recordedBlock)),
    byName(step.objects.blocks),
  );
  const affinities = step.objects.affinities.map(({ name, spec }) => ({ name, spec }));
  result.same(
    `${where} affinities`,
    byName(snapshot.affinities.map((row) => recordedAffinity(row, !replay.hasController))),
    byName(affinities),
  );
  result.same(
    `${where} handles`,
    byName([...snapshot.handles.values()].map(recordedHandle)),
    byName(step.objects.handles),
  );
  result.same(`${where} pools`, byName(named(replay.pools)), byName(step.objects.pools));
  const reservations = [...replay.reservations].map(([name, reservedCIDRs]) => ({
    name,
    spec: { reservedCIDRs },
  }));
  result.same(`${where} reservations`, byName(reservations), byName(step.objects.reservations));
  const config = replay.config === null ? [] : [{ name: "default", spec: replay.config }];
  result.same(`${where} config`, byName(config), byName(step.objects.config));

  const reserved = cidrSet(snapshot.reservations.flatMap((one) => one.cidrs));
  const uses = utilization(snapshot.pools, snapshot.blocks.values(), reserved);
  const show = (layout: ShowLayout, blocks: boolean, figures: readonly PoolUse[]) =>
    ipamShowText(ipamShowTable(figures, layout, blocks));
  const overflowing = uses.map(asCalicoctlOverflows);
  result.same(`${where} show`, show("v3.33", false, overflowing), step.show);
  result.same(`${where} show-blocks`, show("v3.33", true, overflowing), step.showBlocks);
  result.same(`${where} show v3.32`, show("v3.32", false, uses), step["v3.32"].show);
  result.same(`${where} show-blocks v3.32`, show("v3.32", true, uses), step["v3.32"].showBlocks);
  result.same(
    `${where} show-borrowed`,
    borrowedText(borrowedTable(snapshot.blocks.values())),
    step.showBorrowed,
  );
  result.same(`${where} get ippool`, poolsWideText(snapshot.pools), step.getPoolsWide);
  result.same(`${where} get ippool v3.32`, poolsWideText(snapshot.pools), step["v3.32"].getPoolsWide);
  const printed = configurationAsPrinted(replay.config, step.showConfiguration);
  result.same(`${where} show-configuration`, printed, step.showConfiguration);
}

const MAX_INT64 = 2n ** 63n - 1n;

/** The overflow of calicoctl ≥ 3.33 in huge IPv6 pools, which our own table does not copy. */
function asCalicoctlOverflows(use: PoolUse): PoolUse {
  if (use.capacity <= MAX_INT64) return use;
  const inBlocks = BigInt(use.blocks.reduce((sum, block) => sum + block.free, 0));
  const outside = use.free - inBlocks;
  const free = BigInt.asIntN(64, (outside > MAX_INT64 ? MAX_INT64 : outside) + inBlocks);
  return { ...use, capacity: MAX_INT64, free };
}

/** calicoctl prints a Go pointer for KubeVirtVMAddressPersistence: nil when the object lacks the field, else any address. */
function configurationAsPrinted(config: ConfigSpec | null, recorded: string): string {
  const pointer =
    /\(\*ipam\.VMAddressPersistence\)\((?:nil|0x[0-9a-f]+)\)/.exec(recorded)?.[0] ?? "no pointer recorded";
  const isNil = config !== null && config.kubeVirtVMAddressPersistence === undefined;
  const value = pointer.endsWith("(nil)") === isNil ? pointer : `nil: ${isNil}`;
  const table = configurationTable(config === null ? defaultIpamConfig : readConfig(config), "v3.33");
  const rows = table.rows.map((row) => (row[0] === "KubeVirtVMAddressPersistence" ? [row[0], value] : row));
  return configurationText({ ...table, rows }, "v3.33");
}
