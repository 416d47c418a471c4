import Link from "next/link";
import type { Column } from "@/components/ui/column.ts";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { Count, CountOf, Foreign, Mono, Unknown } from "@/components/ui/value.tsx";
import { UtilisationBar } from "@/components/ui/utilisation-bar.tsx";
import type { Node } from "@/lib/contract/nodes.ts";
import classes from "./nodes-page.module.css";

/** Calico's annotation types in words. */
const tunnelWords: Readonly<Record<string, string>> = {
  ipipTunnelAddress: "IPIP",
  vxlanTunnelAddress: "VXLAN",
  vxlanV6TunnelAddress: "VXLAN, IPv6",
  wireguardTunnelAddress: "WireGuard",
  wireguardV6TunnelAddress: "WireGuard, IPv6",
};

const reason = (node: Node, field: string) =>
  node.unknown?.find((entry) => entry.field === field)?.reason ?? "cannot be read";

const isTold = (node: Node) => !node.unknown?.some((entry) => entry.field === "tunnels");

/** A column of counts; its id is the node's field. */
function counted(id: "used" | "borrowed", header: string, width: number): Column<Node> {
  return {
    id,
    header,
    width,
    align: "end",
    value: (node) => node[id],
    cell: (node) => {
      const value = node[id];
      return value === null ? <Unknown reason={reason(node, id)} /> : <Count value={value} />;
    },
  };
}

function Blocks({ node }: { node: Node }) {
  if (node.blocks === null) return <Unknown reason={reason(node, "blocks")} />;
  if (node.blockLimit === null) return <Count value={node.blocks} />;
  return (
    <div className={classes.blocks}>
      <CountOf value={node.blocks} of={node.blockLimit} />
      <UtilisationBar
        label="Blocks held"
        capacity={node.blockLimit}
        segments={[{ kind: "used", label: "held", value: node.blocks }]}
        level={node.blocks >= node.blockLimit ? "crit" : "ok"}
      />
    </div>
  );
}

export const nodeColumns: readonly Column<Node>[] = [
  {
    id: "name",
    header: "Node",
    value: (node) => node.name,
    cell: (node) => (
      <Link href={`/pods?node=${encodeURIComponent(node.name)}`}>
        <Mono>{node.name}</Mono>
      </Link>
    ),
  },
  {
    id: "ready",
    header: "State",
    width: 110,
    value: (node) => node.ready,
    cell: (node) => (
      <StateBadge
        state={
          node.ready
            ? { shape: "dot", tone: "ok", word: "Ready" }
            : { shape: "triangle", tone: "crit", word: "Not ready" }
        }
      />
    ),
  },
  {
    id: "addresses",
    header: "Node address",
    width: 150,
    sortable: false,
    value: (node) => node.addresses.join(" ") || null,
    cell: (node) =>
      node.addresses.map((address) => (
        <div key={address}>
          <Mono>{address}</Mono>
        </div>
      )),
  },
  {
    id: "blocks",
    header: "Blocks held",
    width: 180,
    value: (node) => node.blocks,
    cell: (node) => <Blocks node={node} />,
  },
  counted("used", "Addresses in use", 140),
  counted("borrowed", "Borrowed", 100),
  {
    id: "tunnels",
    header: "Tunnel addresses",
    width: 360,
    value: (node) => node.tunnels.map((tunnel) => `${tunnel.type} ${tunnel.ip}`).join(" ") || null,
    sortable: false,
    cell: (node) =>
      node.tunnels.length === 0 ? (
        <span className={classes.quiet}>none</span>
      ) : (
        node.tunnels.map((tunnel) => (
          <div key={tunnel.type} className={classes.tunnel}>
            <Link href={`/addresses?ip=${encodeURIComponent(tunnel.ip)}`}>
              <Mono>{tunnel.ip}</Mono>
            </Link>
            <span className={classes.quiet}>
              {tunnelWords[tunnel.type] ?? tunnel.type}
              {tunnel.pool !== null ? " in " : isTold(node) ? ", in no pool" : ", pool unknown"}
              {tunnel.pool === null ? null : <Foreign>{tunnel.pool}</Foreign>}
            </span>
          </div>
        ))
      ),
  },
];
