import type { ClusterBuilder } from "./builder.ts";

/** Text that would do harm where it is taken for markup, or turn a line around. */
export const hostile = {
  html: '<img src=x onerror="alert(1)">',
  rightToLeft: "\u202Egnp.loop-\u202C",
  control: "line one\nline two\u0007\u0000",
} as const;

const metadataKey = "projectcalico.org/metadata";

/** Pools as no Calico client would write them, but as the raw v1 API takes them (or once took them). */
export function addOddPools(builder: ClusterBuilder): void {
  const pool = (name: string, spec: object, annotations?: Readonly<Record<string, string>>) =>
    builder.calico("IPPool", name, spec, annotations ? { annotations } : {});
  pool("overlaps-good", {
    cidr: "10.60.128.0/17",
    blockSize: 26,
    nodeSelector: "all()",
    vxlanMode: "Always",
  });
  pool("same-as-good", { cidr: "10.60.0.0/16", blockSize: 28, disabled: true });
  pool("no-spec-at-all", {});
  pool("not-a-cidr", { cidr: "ten.sixty.one/20", blockSize: 26 });
  pool("cidr-is-a-number", { cidr: 10.61 });
  pool("host-bits-set", { cidr: "10.61.0.7/20", blockSize: 26, disabled: true });
  pool("block-size-is-text", { cidr: "10.62.0.0/20", blockSize: "26", disabled: true });
  pool("block-size-nonsense", { cidr: "10.62.16.0/20", blockSize: 99, disabled: true });
  pool("smaller-than-a-block", { cidr: "10.62.32.0/28", blockSize: 26, disabled: true });
  pool("both-encapsulations", {
    cidr: "10.63.0.0/20",
    ipipMode: "Always",
    vxlanMode: "Always",
    disabled: true,
  });
  pool("unknown-mode", { cidr: "10.63.16.0/20", vxlanMode: "Sometimes", ipipMode: null, disabled: true });
  pool("legacy-fields", {
    cidr: "10.63.32.0/20",
    ipip: { enabled: true, mode: "cross-subnet" },
    "nat-outgoing": true,
    disabled: true,
  });
  pool("null-everywhere", {
    cidr: "10.63.48.0/20",
    disabled: true,
    allowedUses: null,
    nodeSelector: null,
    blockSize: null,
  });
  pool("broken-selector", { cidr: "10.63.64.0/20", nodeSelector: "has(", disabled: true });
  pool("odd-uses", {
    cidr: "10.63.80.0/20",
    allowedUses: ["Workload", "Workload", "Coffee"],
    disabled: true,
  });
  pool("shouting-ipv6", { cidr: "FD00:0060:0:0::/64", blockSize: 122, disabled: true });
  pool("ipip-on-ipv6", { cidr: "fd00:61::/64", ipipMode: "Always", disabled: true });
  pool("the-whole-internet", { cidr: "::/0", disabled: true });
  pool("metadata-is-no-json", { cidr: "10.63.96.0/20", disabled: true }, { [metadataKey]: "{not json" });
  pool(
    "hostile-texts",
    { cidr: "10.63.112.0/20", disabled: true },
    {
      [metadataKey]: JSON.stringify({
        labels: { [hostile.html]: hostile.rightToLeft },
        annotations: { note: hostile.control },
      }),
      description: hostile.html,
    },
  );
  const metadata = builder.meta("never-quite-deleted");
  builder.add({
    apiVersion: "crd.projectcalico.org/v1",
    kind: "IPPool",
    metadata: {
      ...metadata,
      finalizers: ["example.com/hold"],
      deletionTimestamp: metadata.creationTimestamp,
      deletionGracePeriodSeconds: 0,
    },
    spec: { cidr: "10.63.128.0/20", blockSize: 26 },
  });
}

/** Blocks, claims, handles, reservations and configuration with every kind of damage a reader may meet. */
export function addOddBlocks(builder: ClusterBuilder, node: string): void {
  const nobody = Array<null>(64).fill(null);
  const upTo = (size: number) => Array.from({ length: size }, (_, index) => index);
  const used = (attributeIndex: unknown) => [attributeIndex, ...nobody.slice(1)];
  const healthy = {
    affinity: `host:${node}`,
    deleted: false,
    strictAffinity: false,
    sequenceNumber: 1n,
    attributes: [],
  };
  const attribute = (handle: unknown, secondary: unknown) => ({ handle_id: handle, secondary });
  const block = (cidr: string, spec: object, name = cidr.replace(/[.:/]/g, "-")) =>
    builder.calico("IPAMBlock", name, { cidr, ...spec });
  const full = { ...healthy, allocations: nobody, unallocated: upTo(64) };

  block("10.60.64.0/26", { ...full, allocations: nobody.slice(4) });
  block("10.60.64.64/26", { ...full, allocations: [...nobody, null, null], unallocated: upTo(66) });
  block("10.60.64.128/26", { ...healthy, allocations: null, unallocated: null, attributes: null });
  block("10.60.64.192/26", { ...full, allocations: used(7), unallocated: upTo(64).slice(1) });
  block("10.60.65.0/26", { ...full, allocations: used(-1), unallocated: upTo(64).slice(1) });
  block("10.60.65.64/26", { ...full, allocations: used("0"), unallocated: [1, 1, 2, 99, -3, "4", null] });
  block("10.60.65.128/26", { ...full, allocations: used(0), attributes: [attribute(null, null)] });
  block("10.60.65.192/26", {
    ...full,
    allocations: used(0),
    unallocated: upTo(64),
    attributes: [
      attribute("k8s-pod-network.short\r", { pod: hostile.html, namespace: hostile.rightToLeft, node }),
    ],
  });
  block("10.60.66.0/26", {
    ...full,
    allocations: [0, 1, 2, 3, ...nobody.slice(4)],
    unallocated: upTo(64).slice(4),
    attributes: [
      attribute("windows-reserved-ipam-handle", { note: "windows host rsvd" }),
      attribute("old.pod", undefined),
      attribute(17, { pod: 4, namespace: ["x"] }),
      "no object at all",
    ],
  });
  block("10.60.66.64/26", { ...full, affinity: "node:somebody" });
  block("10.60.66.128/26", { ...full, affinity: "host:" });
  block("10.60.66.192/26", { ...full, affinity: "host:node-that-is-gone" });
  block("10.60.67.0/26", {
    ...full,
    affinity: null,
    allocations: used(0),
    attributes: [attribute("h.none", { node })],
  });
  block("10.60.67.64/26", { ...full, deleted: true });
  block("10.60.67.128/26", {
    ...full,
    sequenceNumber: "1787400005123456789",
    sequenceNumberForAllocation: { x: 1n, "70": 2n },
  });
  block("10.60.67.192/26", { ...full, affinityClaimTime: "yesterday" });
  block("10.60.68.0/26", full, "another-name-than-its-cidr");
  block("10.60.68.0/28", { ...healthy, allocations: nobody.slice(48), unallocated: upTo(16) });
  block("10.99.0.0/26", {
    ...full,
    allocations: used(0),
    attributes: [attribute("k8s-pod-network.orphan", { pod: "orphan-0", namespace: "constructor", node })],
    unallocated: upTo(64).slice(1),
  });
  block("fd99::/122", { ...full, affinity: undefined });
  block("10.0.0.0/8", healthy);
  block("not-a-cidr", healthy, "not-a-cidr");
  builder.calico("IPAMBlock", "no-spec-block", {});

  const affinity = (name: string, spec: object) => builder.calico("BlockAffinity", name, spec);
  affinity(`${node}-10-60-64-0-26`, {
    cidr: "10.60.64.0/26",
    node,
    state: "confirmed",
    deleted: "false",
    type: "host",
  });
  affinity(`${node}-10-60-70-0-26`, { cidr: "10.60.70.0/26", node, state: "pending", deleted: "false" });
  affinity(`${node}-10-60-70-64-26`, { cidr: "10.60.70.64/26", node, state: "", deleted: "true" });
  affinity(`${node}-10-60-70-128-26`, { cidr: "10.60.70.128/26", node, state: "thinking", deleted: "false" });
  affinity("no-node-10-60-70-192-26", { cidr: "10.60.70.192/26", state: "confirmed", deleted: "false" });
  affinity("gone-10-60-66-192-26", {
    cidr: "10.60.66.192/26",
    node: "node-that-is-gone",
    state: "pendingDeletion",
    deleted: "false",
  });

  builder.calico("IPAMHandle", "k8s-pod-network.dangling", {
    handleID: "k8s-pod-network.dangling",
    block: { "10.60.0.0/26": 1 },
    deleted: false,
  });
  builder.calico("IPAMHandle", "k8s-pod-network.nothing", {
    handleID: "k8s-pod-network.nothing",
    block: null,
    deleted: true,
  });
  builder.calico("IPReservation", "mixed-bag", {
    reservedCIDRs: ["10.60.0.0/29", "10.60.0.4", "nonsense", "", null, "10.60.0.0/28"],
  });
  builder.calico("IPReservation", "empty-handed", { reservedCIDRs: null });
  builder.calico("IPReservation", "no-spec", {});
}
