import { Button } from "@mantine/core";
import Link from "next/link";
import { chooseHref } from "@/components/choose/choose-href.ts";
import type { Column } from "@/components/ui/column.ts";
import { Glyph } from "@/components/ui/glyph.tsx";
import { Count, Foreign, Unknown } from "@/components/ui/value.tsx";
import type { Namespace } from "@/lib/contract/namespaces.ts";
import classes from "./namespaces-page.module.css";

type NamespaceSource = NonNullable<Namespace["source"]["ipv4"]>;

const sourceWords: Record<NamespaceSource, string> = {
  annotation: "Annotation",
  selector: "namespaceSelector",
  default: "Default",
  cniConfig: "CNI configuration",
};

const reason = (namespace: Namespace, field: string) =>
  namespace.unknown?.find((entry) => entry.field === field || field.startsWith(entry.field))?.reason ??
  "cannot be read";

type FamilyKey = "ipv4" | "ipv6";

/** Families worth a line: IPv6 only where somebody has decided about it. */
function families(namespace: Namespace): readonly FamilyKey[] {
  const source = namespace.source.ipv6;
  const six = namespace.annotation.ipv6 !== null || (source !== null && source !== "default");
  return six ? ["ipv4", "ipv6"] : ["ipv4"];
}

function Pools({ namespace, family }: { namespace: Namespace; family: FamilyKey }) {
  const pools = namespace.pools[family];
  if (pools === null) return <Unknown reason={reason(namespace, `pools.${family}`)} />;
  const raw = namespace.annotation[family];
  if (pools.length === 0 && raw !== null) {
    return (
      <span className={classes.raw}>
        <Foreign>{raw}</Foreign>
      </span>
    );
  }
  if (pools.length === 0) return <span className={classes.quiet}>none</span>;
  if (namespace.source[family] === "default")
    return <span className={classes.quiet}>any automatic pool</span>;
  return pools.map((pool, index) => (
    <span key={pool}>
      {index > 0 ? <span className={classes.quiet}> then </span> : null}
      <Link href={`/pools/${encodeURIComponent(pool)}`}>
        <Foreign>{pool}</Foreign>
      </Link>
    </span>
  ));
}

function perFamily(namespace: Namespace, line: (family: FamilyKey) => React.ReactNode) {
  const list = families(namespace);
  return list.map((family) => (
    <div key={family}>
      {list.length > 1 ? (
        <span className={classes.quiet}>{family === "ipv4" ? "IPv4 " : "IPv6 "}</span>
      ) : null}
      {line(family)}
    </div>
  ));
}

/** `onEdit` null: the pools of a namespace may not be changed here. */
export function namespaceColumns(onEdit: (namespace: Namespace) => void): readonly Column<Namespace>[] {
  return [
    {
      id: "name",
      header: "Namespace",
      width: 160,
      value: (namespace) => namespace.name,
      cell: (namespace) => (
        <Link href={`/pods?namespace=${encodeURIComponent(namespace.name)}`}>
          <Foreign>{namespace.name}</Foreign>
        </Link>
      ),
    },
    {
      id: "pools",
      header: "Pools, in order",
      width: 200,
      sortable: false,
      value: (namespace) => namespace.pools.ipv4?.join(" ") ?? null,
      cell: (namespace) => perFamily(namespace, (family) => <Pools namespace={namespace} family={family} />),
    },
    {
      id: "source",
      header: "Set by",
      width: 110,
      value: (namespace) => namespace.source.ipv4,
      sortable: false,
      cell: (namespace) =>
        perFamily(namespace, (family) => {
          const source = namespace.source[family];
          return source === null ? (
            <Unknown reason={reason(namespace, `source.${family}`)} />
          ) : (
            <span className={classes.secondary}>{sourceWords[source]}</span>
          );
        }),
    },
    {
      id: "pods",
      header: "Pods",
      width: 84,
      align: "end",
      value: (namespace) => namespace.pods,
      cell: (namespace) =>
        namespace.pods === null ? (
          <Unknown reason={reason(namespace, "pods")} />
        ) : (
          <Count value={namespace.pods} />
        ),
    },
    {
      id: "usage",
      header: "Addresses in use",
      width: 210,
      value: (namespace) => namespace.usage?.map((each) => `${each.pool}=${each.inUse}`).join(" ") ?? null,
      cell: (namespace) => {
        if (namespace.usage === null) return <Unknown reason={reason(namespace, "usage")} />;
        if (namespace.usage.length === 0) return <span data-zero>0</span>;
        return namespace.usage.map((each) => (
          <span key={each.pool} className={classes.usage}>
            <Count value={each.inUse} />{" "}
            <span className={classes.secondary}>
              in <Foreign>{each.pool}</Foreign>
            </span>
          </span>
        ));
      },
    },
    {
      id: "problems",
      header: "Note",
      value: (namespace) => namespace.problems?.map((problem) => problem.message).join("; ") || null,
      cell: (namespace) =>
        namespace.problems === null ? (
          <Unknown reason={reason(namespace, "problems")} />
        ) : (
          namespace.problems.map((problem) => (
            <div key={problem.code + problem.field} className={classes.problem}>
              <Glyph shape="triangle" tone="crit" />
              <span>
                <Foreign>{problem.message}</Foreign>.{" "}
                <Link className={classes.link} href={chooseHref({ namespace: namespace.name })}>
                  Explain the choice
                </Link>
              </span>
            </div>
          ))
        ),
    },
    {
      id: "edit",
      header: "Change",
      width: 136,
      align: "end",
      sortable: false,
      exported: false,
      value: () => null,
      cell: (namespace) => (
        <Button size="xs" onClick={() => onEdit(namespace)} aria-label={`Choose pools for ${namespace.name}`}>
          Choose pools
        </Button>
      ),
    },
  ];
}
