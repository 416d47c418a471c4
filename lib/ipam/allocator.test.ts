import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatAddress, parseAddress } from "./address.ts";
import { addressesOfHandle } from "./block-release.ts";
import { formatCidr, parseCidr } from "./cidr.ts";
import { defaultIpamConfig } from "./ipam-draft.ts";
import { planReleasePoolAffinities } from "./pool-delete.ts";
import { planCniDel } from "./release.ts";
import { readPool } from "../recordings/stored.ts";
import { StoredObjects } from "../recordings/stored-objects.ts";
import type { IpamConfig, IpamSnapshot } from "./snapshot.ts";
import { add, START } from "../recordings/requests.ts";

const SECOND = 1_000_000_000n;
const cidr = (text: string) => parseCidr(text).cidr;

describe("whatever a cluster does", () => {
  const nodes = ["node-a", "node-b", "node-c"];
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant("add" as const),
        node: fc.constantFrom(...nodes),
        six: fc.boolean(),
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("del" as const), which: fc.nat() }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant("exact" as const),
        node: fc.constantFrom(...nodes),
        offset: fc.integer({ min: 0, max: 31 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant("wait" as const), seconds: fc.integer({ min: 1, max: 90 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant("relabel" as const),
        node: fc.constantFrom(...nodes),
        zone: fc.constantFrom("a", "b"),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant("toggle" as const), pool: fc.constantFrom(0, 1, 2) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant("config" as const),
        strict: fc.boolean(),
        cooldown: fc.constantFrom(0, 30),
        limit: fc.constantFrom(0, 1),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant("reserve" as const), prefix: fc.integer({ min: 28, max: 32 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant("forget" as const), pool: fc.constantFrom(0, 1, 2) }),
    },
  );

  test("writes are accepted, the plan's outcome is what is stored, no address is used twice, handles count right", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (script) => {
        const store = new StoredObjects();
        const zones = new Map<string, string>();
        const pools = [
          readPool("one", { cidr: "10.64.0.0/27", blockSize: 29 }),
          readPool("two", { cidr: "10.64.1.0/28", blockSize: 30, nodeSelector: "zone != 'b'" }),
          readPool("six", { cidr: "fd00::/124", blockSize: 126 }),
        ];
        let config: IpamConfig | null = null;
        let reservations: IpamSnapshot["reservations"] = [];
        let now = START;
        const held = new Map<string, string[]>();
        const nodeLabels = (node: string) => ({ zone: zones.get(node) ?? "a" });
        const settle = (plan: ReturnType<typeof planCniDel>) => {
          store.apply(plan);
          const stored = store.read({ pools, config, reservations });
          expect(contents(stored)).toEqual(contents(plan.after));
        };

        script.forEach((one, at) => {
          now += SECOND;
          const snapshot = store.read({ pools, config, reservations });
          if (one.do === "wait") now += BigInt(one.seconds) * SECOND;
          if (one.do === "relabel") zones.set(one.node, one.zone);
          if (one.do === "reserve") reservations = [{ name: "r", cidrs: [cidr(`10.64.0.0/${one.prefix}`)] }];
          if (one.do === "config") {
            const maxBlocksPerHost = one.limit;
            config = {
              ...defaultIpamConfig,
              strictAffinity: one.strict,
              ipCooldownSeconds: one.cooldown,
              maxBlocksPerHost,
            };
          }
          if (one.do === "toggle" || one.do === "forget") {
            const pool = pools[one.pool];
            if (pool === undefined) return;
            if (one.do === "toggle") pools[one.pool] = { ...pool, disabled: !pool.disabled };
            else settle(planReleasePoolAffinities(snapshot, pool.cidr, now));
          }
          if (one.do === "add" || one.do === "exact") {
            const families = one.do === "add" && one.six ? ([4, 6] as const) : ([4] as const);
            const exactIp = one.do === "exact" ? parseAddress(`10.64.0.${one.offset}`) : null;
            const plan = add(snapshot, one.node, `p${at}`, { nodeLabels, families, exactIp, now });
            settle(plan);
            if (plan.error === null) held.set(`p${at}`, plan.ips.map(formatAddress));
            else expect(plan.ips).toEqual([]);
          }
          if (one.do === "del" && held.size > 0) {
            const pod = [...held.keys()][one.which % held.size] ?? "";
            settle(
              planCniDel(
                snapshot,
                { handle: `k8s-pod-network.${pod}`, namespace: "shop", pod },
                { now, nodeLabels },
              ),
            );
            held.delete(pod);
          }
          const stored = store.read({ pools, config, reservations });
          const owned = [...held.values()].flat();
          expect(new Set(owned).size).toBe(owned.length);
          for (const [pod, ips] of held) {
            const handle = `k8s-pod-network.${pod}`;
            const found = [...stored.blocks.values()].flatMap((block) => addressesOfHandle(block, handle));
            expect(found.map(formatAddress).sort()).toEqual(ips.toSorted());
            const counted = [...(stored.handles.get(handle)?.blocks.values() ?? [])].reduce(
              (sum, count) => sum + count,
              0,
            );
            expect(counted).toBe(ips.length);
          }
        });
      }),
      { numRuns: 300 },
    );
  });
});

function contents({ blocks, affinities, handles }: IpamSnapshot) {
  const plain = <T extends object>(object: T) => ({ ...object, revision: null });
  const sorted = (rows: readonly IpamSnapshot["affinities"][number][]) =>
    rows.map((row) => [`${row.owner.name} ${formatCidr(row.cidr)}`, plain(row)] as const);
  return {
    blocks: new Map([...blocks].map(([key, block]) => [key, plain(block)])),
    affinities: new Map(sorted(affinities)),
    handles: new Map([...handles].map(([key, handle]) => [key, plain(handle)])),
  };
}
