import { parseAffinity } from "../../calico/parse-affinity.ts";
import { parseBlock } from "../../calico/parse-block.ts";
import { parseConfig } from "../../calico/parse-config.ts";
import { parseHandle } from "../../calico/parse-handle.ts";
import { parseLossless, stringifyLossless } from "../../calico/lossless-json.ts";
import { affinityName, handleName, hostnameHash } from "../../calico/names.ts";
import { parsePool } from "../../calico/parse-pool.ts";
import { parseReservation } from "../../calico/parse-reservation.ts";
import type { Parsed } from "../../calico/reading.ts";
import type { Block } from "../../ipam/block.ts";
import { type Cidr, formatCidr, parseCidr } from "../../ipam/cidr.ts";
import { cidrName } from "../../ipam/cidr-name.ts";
import type { Pool } from "../../ipam/pool.ts";
import type { Affinity, Handle, IpamConfig, IpamSnapshot, Reservation } from "../../ipam/snapshot.ts";
import type { ClusterConnection } from "../../kube/connection.ts";
import { ApiError } from "../../kube/errors.ts";
import { getObject, listAll } from "../../kube/objects.ts";
import type { ResourceRef } from "../../kube/paths.ts";
import { type CalicoResources, calicoResources, type StorageMode } from "../storage-mode.ts";

/** Keeps the digits of block sequence numbers, on the way in and out. */
export const lossless = { parse: parseLossless, stringify: (value: unknown) => stringifyLossless(value) };

/**
 * Reads Calico's objects afresh for one operation, as its plugin does: nothing is remembered between two reads. Objects
 * that cannot be read are passed over.
 */
export class IpamReader {
  readonly mode: StorageMode;
  readonly #connection: ClusterConnection;
  readonly #resources: CalicoResources;

  constructor(connection: ClusterConnection, mode: StorageMode = "crd-v1") {
    this.#connection = connection;
    this.mode = mode;
    this.#resources = calicoResources(mode);
  }

  async pools(): Promise<Pool[]> {
    return this.#list(this.#resources.pools, parsePool);
  }

  /**
   * What an assignment on this node looks at first: the node's own claims and their blocks. Enough when those blocks have
   * room; otherwise `everything` is needed.
   */
  async ownBlocks(node: string, pools: readonly Pool[], handles: readonly string[]): Promise<IpamSnapshot> {
    const [rules, affinities, known] = await Promise.all([
      this.#rules(),
      this.#affinitiesOf(node),
      this.handles(handles),
    ]);
    const blocks = await Promise.all(affinities.map((row) => this.#block(row.cidr)));
    return { pools, ...rules, affinities, handles: known, blocks: byCidr(blocks) };
  }

  /** The node's own claims, everybody else's, and every block. */
  async everything(
    node: string | null,
    pools: readonly Pool[],
    handles: readonly string[],
  ): Promise<IpamSnapshot> {
    const [rules, own, all, known, blocks] = await Promise.all([
      this.#rules(),
      node === null ? [] : this.#affinitiesOf(node),
      this.#list(this.#resources.affinities, parseAffinity),
      this.handles(handles),
      this.#list(this.#resources.blocks, parseBlock),
    ]);
    // A host finds its claims by label; one without labels (written by hand, or very old) is not seen by it.
    const affinities = [...own, ...all.filter((row) => row.owner.name !== node || row.owner.type !== "host")];
    return { pools, ...rules, affinities, handles: known, blocks: byCidr(blocks) };
  }

  /** What the release of these handles looks at: their blocks and who claims those. */
  async heldBy(pools: readonly Pool[], handles: readonly string[]): Promise<IpamSnapshot> {
    const [rules, known] = await Promise.all([this.#rules(), this.handles(handles)]);
    const cidrs = new Set([...known.values()].flatMap((handle) => [...handle.blocks.keys()]));
    const blocks = byCidr(await Promise.all(Array.from(cidrs, (cidr) => this.#block(parseCidr(cidr).cidr))));
    const owned = [...blocks.values()].flatMap(({ affinity, cidr }) =>
      affinity ? [{ owner: affinity.name, cidr }] : [],
    );
    const rows = await Promise.all(
      owned.map(({ owner, cidr }) =>
        this.#get({ resource: this.#resources.affinities, name: affinityName(owner, cidr) }, parseAffinity),
      ),
    );
    return { pools, ...rules, affinities: rows.filter((row) => row !== null), handles: known, blocks };
  }

  async #rules(): Promise<{ config: IpamConfig | null; reservations: readonly Reservation[] }> {
    const [config, reservations] = await Promise.all([
      this.#get({ resource: this.#resources.ipamConfigs, name: "default" }, parseConfig),
      this.#list(this.#resources.reservations, parseReservation),
    ]);
    return { config, reservations };
  }

  #affinitiesOf(node: string): Promise<Affinity[]> {
    const labels = [
      `projectcalico.org/affinity-type=host`,
      `projectcalico.org/hostname-hash=${hostnameHash(node)}`,
    ];
    return this.#list(this.#resources.affinities, parseAffinity, labels.join(","));
  }

  #block(cidr: Cidr): Promise<Block | null> {
    return this.#get({ resource: this.#resources.blocks, name: cidrName(cidr) }, parseBlock);
  }

  /** Those that exist, by their own spelling. */
  async handles(ids: readonly string[]): Promise<ReadonlyMap<string, Handle>> {
    const found = await Promise.all(
      ids.map((id) => this.#get({ resource: this.#resources.handles, name: handleName(id) }, parseHandle)),
    );
    return new Map(found.flatMap((handle) => (handle === null ? [] : [[handle.id, handle] as const])));
  }

  async #list<T>(
    resource: ResourceRef,
    parse: (raw: unknown) => Parsed<T>,
    labelSelector?: string,
  ): Promise<T[]> {
    const { items } = await listAll(this.#connection, resource, {
      codec: lossless,
      ...(labelSelector === undefined ? {} : { labelSelector }),
    });
    return items.map((raw) => parse(raw).value).filter((value) => value !== null);
  }

  async #get<T>(
    ref: { resource: ResourceRef; name: string },
    parse: (raw: unknown) => Parsed<T>,
  ): Promise<T | null> {
    try {
      return parse(await getObject(this.#connection, ref, { codec: lossless })).value;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null;
      throw error;
    }
  }
}

function byCidr(blocks: readonly (Block | null)[]): ReadonlyMap<string, Block> {
  return new Map(
    blocks.flatMap((block) => (block === null ? [] : [[formatCidr(block.cidr), block] as const])),
  );
}
