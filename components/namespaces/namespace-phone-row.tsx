import { Button } from "@mantine/core";
import { Glyph } from "@/components/ui/glyph.tsx";
import { PhoneRow } from "@/components/ui/phone-row.tsx";
import { Count, Foreign, Unknown } from "@/components/ui/value.tsx";
import type { Namespace } from "@/lib/contract/namespaces.ts";
import classes from "./namespaces-page.module.css";

interface Props {
  readonly namespace: Namespace;
  readonly onEdit: (namespace: Namespace) => void;
}

/** A namespace on a phone: name and its pools, what is wrong or how many pods it has. */
export function NamespacePhoneRow({ namespace, onEdit }: Props) {
  const problem = namespace.problems?.[0];
  const pools = namespace.pools.ipv4;
  return (
    <PhoneRow
      name={<Foreign>{namespace.name}</Foreign>}
      aside={
        <Button size="xs" onClick={() => onEdit(namespace)} aria-label={`Choose pools for ${namespace.name}`}>
          Choose pools
        </Button>
      }
      detail={
        problem ? (
          <span className={classes.problem}>
            <Glyph shape="triangle" tone="crit" />
            <Foreign>{problem.message}</Foreign>
          </span>
        ) : pools === null ? (
          <Unknown />
        ) : namespace.source.ipv4 === "default" ? (
          "any automatic pool"
        ) : (
          <Foreign>{pools.join(" then ") || "none"}</Foreign>
        )
      }
      end={
        namespace.pods === null ? (
          <Unknown />
        ) : (
          <>
            <Count value={namespace.pods} /> pods
          </>
        )
      }
    />
  );
}
