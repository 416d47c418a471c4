/** Everything that is watched, one reflector a kind. */
export const kinds = [
  "pools",
  "blocks",
  "affinities",
  "ipamConfig",
  "reservations",
  "clusterInformation",
  "felixConfiguration",
  "nodes",
  "namespaces",
  "pods",
  "sandboxFailures",
] as const;
export type Kind = (typeof kinds)[number];

/** Pages are usable once these are read (or known to be out of reach); the rest follows, and is unknown until then. */
export const firstPhase: readonly Kind[] = [
  "pools",
  "blocks",
  "affinities",
  "ipamConfig",
  "reservations",
  "clusterInformation",
  "nodes",
  "namespaces",
];

/** What a kind is called in a sentence. */
export const kindWords: Readonly<Record<Kind, string>> = {
  pools: "IP pools",
  blocks: "IPAM blocks",
  affinities: "block affinities",
  ipamConfig: "the IPAM configuration",
  reservations: "IP reservations",
  clusterInformation: "Calico's cluster information",
  felixConfiguration: "the Felix configuration",
  nodes: "nodes",
  namespaces: "namespaces",
  pods: "pods",
  sandboxFailures: "events",
};
