import Link from "next/link";
import { blockText } from "@/components/blocks/block-words.ts";
import { StateBadge, type State } from "@/components/ui/state-badge.tsx";
import type { Column } from "@/components/ui/column.ts";
import { Age, Foreign, Mono, NotApplicable, Unknown } from "@/components/ui/value.tsx";
import type { Pod } from "@/lib/contract/pods.ts";

export const podStateWords: Record<Pod["state"], string> = {
  running: "Running",
  pending: "Pending",
  noAddress: "No address",
  finished: "Finished",
  hostNetwork: "Host network",
};

export function podState(pod: Pod): State {
  const word = podStateWords[pod.state];
  switch (pod.state) {
    case "running":
      return { shape: "dot", tone: "ok", word };
    case "noAddress":
      return { shape: "triangle", tone: "crit", word };
    case "pending":
      return { shape: "ring", tone: "muted", word };
    case "finished":
      return { shape: "square", tone: "muted", word };
    case "hostNetwork":
      return { shape: "barred", tone: "muted", word };
  }
}

const addresses = (pod: Pod) =>
  pod.ips.length === 0 ? (
    <NotApplicable />
  ) : (
    pod.ips.map((ip) => (
      <div key={ip}>
        {pod.state === "hostNetwork" ? (
          <Mono>{ip}</Mono>
        ) : (
          <Link href={`/addresses?ip=${encodeURIComponent(ip)}`}>
            <Mono>{ip}</Mono>
          </Link>
        )}
      </div>
    ))
  );

const names = (pod: Pod, list: readonly string[] | null) => {
  if (list === null) return <Unknown reason={pod.unknown?.[0]?.reason ?? "cannot be read"} />;
  return [...new Set(list)].map((name) => (
    <div key={name}>
      <Link href={`/pools/${encodeURIComponent(name)}`}>
        <Foreign>{name}</Foreign>
      </Link>
    </div>
  ));
};

export const podColumns: readonly Column<Pod>[] = [
  { id: "name", header: "Pod", value: (pod) => pod.name, cell: (pod) => <Mono>{pod.name}</Mono> },
  {
    id: "namespace",
    header: "Namespace",
    width: 160,
    value: (pod) => pod.namespace,
    cell: (pod) => <Foreign>{pod.namespace}</Foreign>,
  },
  { id: "ip", header: "Address", width: 150, value: (pod) => pod.ips.join(" ") || null, cell: addresses },
  {
    id: "node",
    header: "Node",
    width: 150,
    value: (pod) => pod.node,
    cell: (pod) => (pod.node === null ? <NotApplicable /> : <Mono>{pod.node}</Mono>),
  },
  {
    id: "pools",
    header: "Pool",
    width: 170,
    sortable: false,
    value: (pod) => pod.pools?.join(" ") ?? null,
    cell: (pod) => names(pod, pod.pools),
  },
  {
    id: "blocks",
    header: "Block",
    sortable: false,
    width: 170,
    optional: true,
    value: (pod) => pod.blocks?.join(" ") ?? null,
    cell: (pod) =>
      pod.blocks === null ? (
        <Unknown reason={pod.unknown?.[0]?.reason ?? "cannot be read"} />
      ) : (
        pod.blocks.map((block) => <Mono key={block}>{blockText(block)}</Mono>)
      ),
  },
  {
    id: "phase",
    header: "State",
    width: 130,
    value: (pod) => pod.state,
    cell: (pod) => <StateBadge state={podState(pod)} />,
  },
  {
    id: "createdAt",
    header: "Age",
    width: 80,
    align: "end",
    value: (pod) => pod.createdAt,
    cell: (pod) => <Age since={pod.createdAt} />,
  },
];
