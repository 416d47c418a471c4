import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatAddress } from "./address.ts";
import { formatCidr, parseCidr } from "./cidr.ts";
import { type Chosen, choose, type ChooseInput } from "./choose.ts";
import { planCniAdd } from "./cni-add.ts";
import { defaultIpamConfig } from "./ipam-draft.ts";
import type { Pool } from "./pool.ts";
import type { IpamSnapshot } from "./snapshot.ts";
import { testPool } from "./testing.ts";

const START = 1_787_400_005_123_456_789n;
const empty = { blocks: new Map(), affinities: [], handles: new Map(), config: null, reservations: [] };
const none = { pod: null, namespace: null, cni: [] };

const a = testPool("a", "10.1.0.0/24");
const b = testPool("b", "10.2.0.0/24");
const six = testPool("six", "fd00::/112");

const asked = (changes: Partial<ChooseInput> = {}): Chosen =>
  choose({
    family: 4,
    node: "node-a",
    nodeLabels: (node) => (node === "gone" ? null : { zone: "x" }),
    namespace: "web",
    namespaceLabels: { team: "shop" },
    names: { 4: none, 6: none },
    ipFamilies: null,
    familiesByConfig: [4],
    refusal: null,
    pools: [a, b, six],
    snapshot: empty,
    now: START,
    ...changes,
  });
const by = (pod: string | null, namespace: string | null = null, cni: string[] | null = []) => ({
  names: { 4: { pod, namespace, cni }, 6: none },
});
const found = ({ found: one }: Chosen) =>
  one && `${formatAddress(one.ip)} ${formatCidr(one.block)} ${one.how} ${one.pool?.name ?? "no pool"}`;
const shown = ({ pools }: Chosen) =>
  pools.map(({ pool, eligible }) => `${eligible ? "+" : "-"}${pool.name}`).join(" ");
const reason = ({ pools }: Chosen, name: string) => pools.find(({ pool }) => pool.name === name)?.reason;

describe("which source decides", () => {
  test.each<[string, Partial<ChooseInput>, string | null, string | null, string]>([
    ["nobody names pools", {}, "automatic", null, "+a +b"],
    ["the pod", by('["b"]', '["a"]', ["a"]), "pod", '["b"]', "+b -a"],
    ["the namespace", by(null, '["b","a"]', ["a"]), "namespace", '["b","a"]', "+b +a"],
    ["the CNI configuration", by(null, null, ["b"]), "cniConfig", '["b"]', "+b -a"],
    ["an empty text is none", by("", "", ["b"]), "cniConfig", '["b"]', "+b -a"],
    ["an empty list overrides", by("[]", '["b"]', ["b"]), "pod", "[]", "+a +b"],
    ["a configuration nobody may read", by(null, null, null), null, null, "+a +b"],
    ["a pod whose namespace does not matter", by('["a"]', "nonsense", null), "pod", '["a"]', "+a -b"],
  ])("%s", (_name, changes, source, text, pools) => {
    const answer = asked(changes);
    expect([answer.source, answer.asked, shown(answer)]).toEqual([source, text, pools]);
    expect(answer.isOpen).toBe(source === null);
  });
});

describe("why a pool is not used", () => {
  const off = (changes: Partial<Pool>) => ({ pools: [{ ...a, ...changes }, b] });
  test.each<[string, Partial<ChooseInput>, string, RegExp]>([
    ["disabled", off({ disabled: true }), "+b -a", /^It is disabled\.$/],
    ["being deleted", off({ deleting: true, disabled: true }), "+b -a", /being deleted/],
    [
      "overlap",
      off({ allocatable: { status: "False", reason: "CIDROverlap", message: "CIDR overlaps" } }),
      "+b -a",
      /CIDR overlaps/,
    ],
    [
      "node selector",
      off({ nodeSelector: "zone == 'y'" }),
      "+b -a",
      /node selector zone == 'y' does not match node-a/,
    ],
    ["namespace selector", off({ namespaceSelector: "team == 'bank'" }), "+b -a", /namespace selector/],
    ["Manual", off({ assignmentMode: "Manual" }), "+b -a", /must be asked for by name/],
    [
      "other uses",
      off({ allowedUses: ["Tunnel", "LoadBalancer"] }),
      "+b -a",
      /Tunnel and LoadBalancer addresses, not Workload/,
    ],
    ["not named", by('["b"]'), "+b -a", /Other pools are asked for by name/],
    ["a selector that is none", off({ nodeSelector: "oops ==" }), "-b -a", /cannot be read: /],
    [
      "Windows",
      { ...by('["a","b"]'), windows: true, pools: [testPool("a", "10.1.0.0/24", { blockSize: 30 }), b] },
      "-b -a",
      /too small for Windows/,
    ],
    [
      "the same range twice",
      { ...by('["10.1.0.0/24"]'), pools: [a, testPool("z", "10.1.0.0/24")] },
      "+z -a",
      /Another pool has the same range/,
    ],
  ])("%s", (_name, changes, pools, why) => {
    const answer = asked(changes);
    expect(shown(answer)).toBe(pools);
    expect(reason(answer, "a")).toMatch(why);
  });

  test("one pool that cannot be used fails the whole list", () => {
    const answer = asked({ ...by('["b","a"]'), pools: [{ ...a, disabled: true }, b] });
    expect(answer.error).toBe("the given pool (10.1.0.0/24) does not exist, or is not enabled");
    const alone = asked({ ...by('["b"]'), pools: [a, { ...b, disabled: true }] });
    expect(shown(alone)).toBe("-b -a");
    expect(shown(answer)).toBe("-b -a");
    expect(reason(answer, "b")).toBe("It could serve, but Calico refuses the request as a whole.");
  });

  const refused = "It could serve, but Calico refuses the request as a whole.";
  const notNamed = "Other pools are asked for by name.";
  test.each<[string, string, Partial<Pool>, string, string]>([
    ["a name that is no pool's", '["nope"]', {}, notNamed, notNamed],
    ["a pool after a name that is none", '["nope","b"]', {}, notNamed, refused],
    ["a pool before one of the other family", '["b","six"]', {}, notNamed, refused],
    [
      "selectors, which count for nothing then",
      '["nope"]',
      { nodeSelector: "zone == 'y'" },
      notNamed,
      notNamed,
    ],
    ["a disabled pool that nobody named", '["nope"]', { disabled: true }, "It is disabled.", notNamed],
    ["text that is no list", "nope", {}, refused, refused],
  ])("%s", (_name, annotation, changes, ofA, ofB) => {
    const answer = asked({ ...by(annotation), pools: [{ ...a, ...changes }, b, six] });
    expect([reason(answer, "a"), reason(answer, "b")]).toEqual([ofA, ofB]);
    expect(shown(answer)).not.toContain("+");
  });
});

describe("what keeps a pod from an address", () => {
  test.each<[string, Partial<ChooseInput>, string]>([
    [
      "a refusal",
      { refusal: "Calico is currently not ready to process requests" },
      "Calico is currently not ready to process requests",
    ],
    ["no node", { node: "gone" }, 'resource does not exist: Node(gone) with error: nodes "gone" not found'],
    ["no pools", { pools: [] }, "cannot find a qualified ippool"],
    ["no JSON", by("a"), "invalid character 'a' looking for beginning of value"],
    ["an unknown name", by('["nope"]'), 'error parsing pool "nope": invalid CIDR address: nope'],
    ["bad families", { ipFamilies: "IPv4" }, "error parsing ipFamilies: IPv4"],
    [
      "an annotation of the other family",
      { names: { 4: none, 6: { ...none, namespace: '["a"]' } } },
      '"10.1.0.0" isn\'t a IPv6 address',
    ],
    [
      "an annotation before the families, those before the configuration",
      { names: { 4: { ...none, cni: ["nope"] }, 6: none }, ipFamilies: "x" },
      "error parsing ipFamilies: x",
    ],
    [
      "the other family has no pool",
      { ipFamilies: '["IPv6","IPv4"]', pools: [a, b] },
      "cannot find a qualified ippool",
    ],
  ])("%s", (_name, changes, error) => {
    const answer = asked(changes);
    expect(answer.error).toBe(error);
    expect(answer.found).toBeNull();
    // Known without a look at any block.
    expect(asked({ ...changes, snapshot: null }).error).toBe(error);
  });

  test("nothing is said about blocks that cannot be read", () => {
    expect(asked({ snapshot: null })).toMatchObject({ found: null, error: null });
    expect(shown(asked({ snapshot: null }))).toBe("+a +b");
  });
});

describe("where the address comes from", () => {
  const held = (node: string, count: number, pools = [testPool("a", "10.1.0.0/30", { blockSize: 31 })]) => {
    let snapshot: IpamSnapshot = { ...empty, pools };
    for (let pod = 0; pod < count; pod++) snapshot = added(snapshot, node, `p${pod}`).after;
    return { pools, snapshot };
  };
  test("a new block, and then the same one", () => {
    expect(found(asked())).toBe("10.1.0.128 10.1.0.128/26 claimed a");
    expect(found(asked(held("node-a", 1, [a, b])))).toBe("10.1.0.129 10.1.0.128/26 held a");
  });
  test("borrowed, from whom", () => {
    const { snapshot } = held("node-b", 2);
    const one = added(added(snapshot, "node-b", "x").after, "node-c", "y");
    expect(one.error).toBeNull();
    const full = asked({ pools: snapshot.pools, snapshot: one.after });
    expect(full.error).toContain("No IPs available in pools: [10.1.0.0/30]");
    const lent = asked(held("node-b", 3));
    expect(found(lent)).toMatch(/borrowed a$/);
    expect(lent.found?.lender).toBe("node-b");
  });
  test("the node's own block before a new one in the pool that comes first", () => {
    const { snapshot } = held("node-a", 1, [b]);
    expect(found(asked({ pools: [a, b], snapshot }))).toMatch(/held b$/);
  });
  test("blocks of one address start anywhere", () => {
    const pools = [testPool("a", "10.1.0.0/28", { blockSize: 32 })];
    expect(asked({ pools }).found).toMatchObject({ how: "claimed", isRandom: true });
  });
  test("the first family that the pod asks for, unless said", () => {
    const answer = asked({ family: undefined, familiesByConfig: [6] });
    expect(answer).toMatchObject({ family: 6, families: [6], error: null });
    expect(answer.found?.how).toBe("claimed");
  });
  test("a family that nobody asks for is answered as if somebody did", () => {
    expect(asked({ family: 6 })).toMatchObject({ family: 6, families: [4], error: null });
  });
});

function added(snapshot: IpamSnapshot, node: string, pod: string, families: readonly (4 | 6)[] = [4]) {
  return planCniAdd(snapshot, {
    node,
    nodeLabels: () => ({ zone: "x" }),
    namespace: "web",
    namespaceLabels: { team: "shop" },
    pod,
    handle: pod,
    pools4: [],
    pools6: [],
    families,
    exactIp: null,
    now: START,
  });
}

test("whatever the cluster looks like, the pod then gets what was said", () => {
  const nodes = ["node-a", "node-b", "node-c"];
  const step = fc.record({
    node: fc.constantFrom(...nodes),
    names: fc.constantFrom(null, '["b"]', '["b","a"]', '["10.1.0.0/28"]', "[]", "b", '["six"]'),
    both: fc.boolean(),
  });
  const pool = fc.record({
    disabled: fc.boolean(),
    nodeSelector: fc.constantFrom("all()", "zone == 'x'", "zone == 'y'"),
    blockSize: fc.constantFrom(29, 30, 31),
  });
  const cluster = fc.record({
    one: pool,
    two: pool,
    strict: fc.boolean(),
    limit: fc.constantFrom(0, 0, 1, 2),
    claims: fc.boolean(),
    reserved: fc.constantFrom(null, "10.1.0.0/29", "10.1.0.0/28", "10.2.0.2/31"),
    steps: fc.array(step, { maxLength: 40 }),
  });
  fc.assert(
    fc.property(cluster, ({ one, two, strict, limit, claims, reserved, steps }) => {
      const pools = [
        testPool("a", "10.1.0.0/28", { ...one }),
        testPool("b", "10.2.0.0/28", { ...two }),
        testPool("six", "fd00::/124", { blockSize: 126 }),
      ];
      let snapshot: IpamSnapshot = {
        ...empty,
        pools,
        config: {
          ...defaultIpamConfig,
          strictAffinity: strict,
          maxBlocksPerHost: limit,
          autoAllocateBlocks: claims,
        },
        reservations: reserved === null ? [] : [{ name: "r", cidrs: [parseCidr(reserved).cidr] }],
      };
      steps.forEach(({ node, names, both }, at) => {
        const families = both ? ([4, 6] as const) : ([4] as const);
        const answers = families.map((family) =>
          asked({
            family,
            node,
            ...by(names),
            familiesByConfig: families,
            pools,
            snapshot,
            now: START + BigInt(at) * 1_000_000_000n,
          }),
        );
        const [four] = answers;
        // What the annotation means is known from elsewhere; here it is put in by hand.
        const cidrs = {
          '["b"]': ["10.2.0.0/28"],
          '["b","a"]': ["10.2.0.0/28", "10.1.0.0/28"],
          '["10.1.0.0/28"]': ["10.1.0.0/28"],
        };
        const wanted = names === null || names === "[]" ? [] : cidrs[names as keyof typeof cidrs];
        if (wanted === undefined) {
          expect(four?.error).not.toBeNull();
          return;
        }
        const plan = planCniAdd(snapshot, {
          node,
          nodeLabels: () => ({ zone: "x" }),
          namespace: "web",
          namespaceLabels: { team: "shop" },
          pod: `p${at}`,
          handle: `h${at}`,
          pools4: wanted.map((text) => parseCidr(text).cidr),
          pools6: [],
          families,
          exactIp: null,
          now: START + BigInt(at) * 1_000_000_000n,
        });
        expect(four?.error).toBe(plan.error);
        expect(answers.flatMap((answer) => answer.found?.ip ?? [])).toEqual(plan.ips);
        for (const { found: one_, pools: judged } of answers) {
          if (one_ === null) continue;
          expect(judged.find(({ pool: { name } }) => name === one_.pool?.name)?.eligible).toBe(true);
          const mine = snapshot.blocks.get(formatCidr(one_.block))?.affinity?.name === node;
          if (one_.how !== "claimed") expect(one_.how === "held").toBe(mine);
          else expect(plan.after.blocks.get(formatCidr(one_.block))?.affinity?.name).toBe(node);
        }
        snapshot = plan.after;
      });
    }),
    { numRuns: 200 },
  );
});
