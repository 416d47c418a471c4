"use client";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { Segments } from "@/components/ui/filter-bar.tsx";
import { lazily, usePrefetch } from "@/components/ui/lazily.tsx";
import { ListPage } from "@/components/ui/list-page.tsx";
import { usePoolOptions } from "@/components/ui/name-options.ts";
import { useUrlState } from "@/components/ui/use-url-state.ts";
import { useWindowed } from "@/components/ui/use-windowed.ts";
import type { Namespace } from "@/lib/contract/namespaces.ts";
import { namespaceQueries } from "@/lib/queries/namespaces.ts";
import { poolQueries } from "@/lib/queries/pools.ts";
import { NamespaceUse } from "../usage/namespace-use.tsx";
import { namespaceColumns } from "./namespace-columns.tsx";
import { NamespacePhoneRow } from "./namespace-phone-row.tsx";

const floats = { floats: true };
const NamespaceYaml = lazily(async () => (await import("./namespace-yaml.tsx")).NamespaceYaml, floats);
const EditPools = lazily(async () => (await import("./edit-pools.tsx")).EditPools, floats);
const dialogs = [EditPools];

export function NamespacesPage() {
  usePrefetch(dialogs);
  const { params, set } = useUrlState();
  const edit = useCallback((namespace: Namespace) => set({ edit: namespace.name }, "push"), [set]);
  const columns = useMemo(() => namespaceColumns(edit), [edit]);
  const failing = useWindowed(namespaceQueries.list({ problem: "true" }));
  const pools = useQuery(poolQueries.list()).data?.items ?? null;
  const edited = params.get("edit");
  return (
    <ListPage
      noun={{ one: "namespace", many: "namespaces" }}
      columns={columns}
      query={namespaceQueries.list}
      firstSort={{ id: "name", desc: false }}
      textOf="name, pool"
      choice={{
        param: "problem",
        control: (
          <Segments
            label="Which namespaces"
            value={params.get("problem") === "true" ? "problem" : "all"}
            options={[
              { value: "all", label: "All" },
              { value: "problem", label: "Pods will fail", count: failing.total },
            ]}
            onChange={(value) => set({ problem: value === "problem" ? "true" : null })}
          />
        ),
      }}
      fields={[{ param: "pool", label: "Pool", values: usePoolOptions() }]}
      above={<NamespaceUse pool={params.get("pool")} />}
      actions={<Button onClick={() => set({ new: "yaml" })}>Paste YAML</Button>}
      rowId={(namespace) => namespace.name}
      rowHeight={44}
      selectedId={edited}
      phoneRow={(namespace) => <NamespacePhoneRow namespace={namespace} onEdit={edit} />}
      none={{
        title: "This cluster has no namespace",
        detail:
          "A namespace shows up here as soon as it exists, with the pools its pods take addresses from.",
      }}
    >
      {edited === null ? null : (
        <EditPools key={edited} name={edited} pools={pools} onClose={() => set({ edit: null })} />
      )}
      {params.get("new") === "yaml" ? <NamespaceYaml onClose={() => set({ new: null })} /> : null}
    </ListPage>
  );
}
