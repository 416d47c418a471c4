"use client";
import { Button } from "@mantine/core";
import { Segments } from "@/components/ui/filter-bar.tsx";
import { ListPage } from "@/components/ui/list-page.tsx";
import { useNamespaceOptions, useNodeOptions, usePoolOptions } from "@/components/ui/name-options.ts";
import { useUrlState } from "@/components/ui/use-url-state.ts";
import { useWindowed } from "@/components/ui/use-windowed.ts";
import { podStates } from "@/lib/contract/states.ts";
import { podQueries } from "@/lib/queries/pods.ts";
import { FailureCard } from "./failure-card.tsx";
import { podColumns, podStateWords } from "./pod-columns.tsx";
import { PodPhoneRow } from "./pod-phone-row.tsx";
import { type Grouping, groupings, PodGroups } from "./pod-groups.tsx";
import classes from "./pods-page.module.css";

const stateOptions = podStates.map((state) => ({ value: state, label: podStateWords[state] }));
const groupWords: Record<Grouping, string> = { block: "Block", node: "Node", pool: "Pool", none: "None" };

/** The order in which the members of a group follow each other. */
const groupSort: Record<Exclude<Grouping, "none">, string> = { block: "ip", node: "node", pool: "ip" };

export function PodsPage() {
  const { params, set } = useUrlState();
  const grouping = groupings.find((each) => each === params.get("group")) ?? "none";
  return (
    <ListPage
      noun={{ one: "pod", many: "pods" }}
      columns={podColumns}
      query={(filter) =>
        podQueries.list(grouping === "none" ? filter : { ...filter, sort: groupSort[grouping] })
      }
      firstSort={{ id: "name", desc: false }}
      textOf="pod, address, node"
      fields={[
        { param: "namespace", label: "Namespace", values: useNamespaceOptions() },
        { param: "pool", label: "Pool", values: usePoolOptions() },
        { param: "node", label: "Node", values: useNodeOptions() },
        { param: "state", label: "State", values: stateOptions },
        { param: "block", label: "Block" },
      ]}
      tools={
        <>
          <span className={classes.label} data-noshot>
            Group by
          </span>
          <Segments
            label="Group by"
            value={grouping}
            options={groupings.map((value) => ({ value, label: groupWords[value] }))}
            onChange={(value) => set({ group: value === "none" ? null : value })}
          />
        </>
      }
      above={<Failures namespace={params.get("namespace")} />}
      arrange={
        grouping === "none"
          ? null
          : (list, columns) => <PodGroups list={list} grouping={grouping} columns={columns} />
      }
      rowId={(pod) => pod.uid}
      phoneRow={(pod) => <PodPhoneRow pod={pod} />}
      none={{
        title: "No pod runs in this cluster",
        detail: "A pod shows up here as soon as it exists, with its address, node and pool.",
      }}
    />
  );
}

/** Failing pods explained at the top; the rest is a filter away. */
const explained = 3;

function Failures({ namespace }: { namespace: string | null }) {
  const { set } = useUrlState();
  const failing = useWindowed(podQueries.list({ namespace, state: "noAddress", sort: "-createdAt" }));
  const cards = failing.rows.filter((pod) => pod.failure !== null).slice(0, explained);
  const more = (failing.total ?? 0) - cards.length;
  return (
    <>
      {cards.map((pod) => (
        <FailureCard key={pod.uid} pod={pod} />
      ))}
      {cards.length > 0 && more > 0 ? (
        <Button className={classes.more} onClick={() => set({ state: "noAddress" }, "push")}>
          Show {more} more without an address
        </Button>
      ) : null}
    </>
  );
}
