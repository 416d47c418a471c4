import { type ApiMode, type CalicoKind, deletedMark, servedKind } from "../../calico/dialect.ts";
import { parseLossless, stringifyLossless } from "../../calico/lossless-json.ts";
import { affinityName } from "../../calico/names.ts";
import { parseAffinity } from "../../calico/parse-affinity.ts";
import { parseBlock } from "../../calico/parse-block.ts";
import type { RawBlockAffinity, RawIPAMBlock } from "../../calico/raw.ts";
import { toRawAffinity, toRawBlock } from "../../calico/to-raw.ts";
import type { Block } from "../../ipam/block.ts";
import { type Cidr, cidrContainsCidr, cidrsOverlap, formatCidr } from "../../ipam/cidr.ts";
import { cidrName } from "../../ipam/cidr-name.ts";
import { planReleasePoolAffinities } from "../../ipam/pool-delete.ts";
import type { IpamSnapshot, IpamWrite } from "../../ipam/snapshot.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { listAll, type ObjectRef, removeObject, replaceObject } from "../../kube/objects.ts";
import { get, type JsonCodec } from "../../kube/request.ts";
import { isApiError } from "./kube-problem.ts";

/** Block sequence numbers do not fit a double: what is written back must carry every digit. */
const codec: JsonCodec = { parse: parseLossless, stringify: (value) => stringifyLossless(value) };

const MAX_ATTEMPTS = 5;

/** The blocks that touch a pool's range, as stored. */
export interface PoolBlocks {
  readonly blocks: readonly Block[];
  /** Names of blocks that cannot be read in full, with what is wrong: nothing may be decided about them. */
  readonly odd: readonly { readonly name: string; readonly oddity: string }[];
}

/** A pool's range, as far as other pools leave it alone. */
export interface PoolRange {
  readonly mode: ApiMode;
  readonly cidr: Cidr;
  /** Ranges of other pools: blocks that lie in one of them stay with it. */
  readonly others: readonly Cidr[];
}

/** Reads every block that touches the range from the API server. */
export async function readPoolBlocks(
  connection: ClusterConnection,
  { mode, cidr, others }: PoolRange,
): Promise<PoolBlocks> {
  const { items } = await listAll(connection, servedKind(mode, "IPAMBlock"), { codec });
  const blocks: Block[] = [];
  const odd: { name: string; oddity: string }[] = [];
  for (const raw of items) {
    const { value, oddities } = parseBlock(raw);
    if (value && !cidrsOverlap(value.cidr, cidr)) continue;
    if (value && others.some((other) => cidrContainsCidr(other, value.cidr))) continue;
    const oddity = oddities[0] ?? (value ? undefined : "it cannot be read");
    if (oddity !== undefined) odd.push({ name: String(get(get(raw, "metadata"), "name")), oddity });
    else if (value && !value.deleted) blocks.push(value);
  }
  return { blocks, odd };
}

/**
 * Lets go of every claim on a block of the pool, each write on condition that nobody has changed the object meanwhile:
 * empty blocks are deleted, others would lose their owner. Planned anew from a fresh read after a conflict, five times at
 * most. Returns how many claims were released; throws what the API server answers.
 */
export async function releasePoolAffinities(
  connection: ClusterConnection,
  range: PoolRange,
): Promise<number> {
  let released = 0;
  for (let attempt = 1; ; attempt++) {
    const snapshot = await readSnapshot(connection, range);
    const { writes } = planReleasePoolAffinities(snapshot, range.cidr, BigInt(Date.now()) * 1_000_000n);
    try {
      for (const write of inOrder(writes)) {
        await write.make(connection, range.mode);
        if (write.ends) released += 1;
      }
      return released;
    } catch (error) {
      const changed = isApiError(error) && (error.status === 409 || error.status === 404);
      if (!changed || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

async function readSnapshot(connection: ClusterConnection, range: PoolRange): Promise<IpamSnapshot> {
  const [{ blocks }, affinities] = await Promise.all([
    readPoolBlocks(connection, range),
    listAll(connection, servedKind(range.mode, "BlockAffinity"), { codec }),
  ]);
  return {
    pools: [],
    blocks: new Map(blocks.map((block) => [formatCidr(block.cidr), block])),
    affinities: affinities.items.flatMap((raw) => parseAffinity(raw).value ?? []),
    handles: new Map(),
    config: null,
    reservations: [],
  };
}

interface PlannedWrite {
  /** The claim is over once this is written. */
  readonly ends: boolean;
  make(connection: ClusterConnection, mode: ApiMode): Promise<void>;
}

/** A plan's writes, made one by one; an object written twice carries the version that its first write returned. */
function* inOrder(writes: readonly IpamWrite[]): Generator<PlannedWrite> {
  const revisions = new Map<string, string>();
  for (const write of writes) {
    if (write.kind === "handle") continue;
    yield {
      ends: write.kind === "affinity" && write.op === "delete",
      make: (connection, mode) => makeWrite(connection, mode, write, revisions),
    };
  }
}

async function makeWrite(
  connection: ClusterConnection,
  mode: ApiMode,
  write: Exclude<IpamWrite, { kind: "handle" }>,
  revisions: Map<string, string>,
): Promise<void> {
  const { kind, ref, raw, revision } = describe(mode, write);
  const key = `${ref.resource.plural}/${ref.name}`;
  const put = async (spec: object) => {
    const resourceVersion = revisions.get(key) ?? revision ?? "";
    const body = { ...raw, metadata: { ...raw.metadata, resourceVersion }, spec: { ...raw.spec, ...spec } };
    const metadata = get(await replaceObject(connection, ref, body, { codec }), "metadata");
    revisions.set(key, String(get(metadata, "resourceVersion")));
    return String(get(metadata, "uid"));
  };
  if (write.op !== "delete") {
    await put({});
    return;
  }
  // Calico's two steps: the first is the moment it stops to exist, the second only clears it away.
  const uid = await put({ deleted: deletedMark(mode, kind, true) });
  await removeObject(connection, ref, { uid });
}

interface Described {
  readonly kind: CalicoKind;
  readonly ref: ObjectRef;
  readonly raw: RawIPAMBlock | RawBlockAffinity;
  readonly revision: string | null;
}

function describe(mode: ApiMode, write: Exclude<IpamWrite, { kind: "handle" }>): Described {
  const kind = write.kind === "block" ? "IPAMBlock" : "BlockAffinity";
  const resource = servedKind(mode, kind);
  if (write.kind === "block") {
    const { block } = write;
    const ref = { resource, name: cidrName(block.cidr) };
    return { kind, ref, raw: toRawBlock(block, mode), revision: block.revision };
  }
  const { affinity } = write;
  const ref = { resource, name: affinityName(affinity.owner.name, affinity.cidr) };
  return { kind, ref, raw: toRawAffinity(affinity, mode), revision: affinity.revision };
}
