"use client";
import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { CopyPageLink } from "@/components/ui/copy-page-link.tsx";
import { ArrowIcon } from "@/components/ui/icons.tsx";
import { Page } from "@/components/ui/page-header.tsx";
import { QueryView } from "@/components/ui/query-view.tsx";
import { Empty } from "@/components/ui/states.tsx";
import { SuggestField } from "@/components/ui/suggest-field.tsx";
import { useUrlState } from "@/components/ui/use-url-state.ts";
import { useWindowed } from "@/components/ui/use-windowed.ts";
import { pathQueries } from "@/lib/queries/path.ts";
import { podQueries } from "@/lib/queries/pods.ts";
import { PathAnswer } from "./path-answer.tsx";
import classes from "./path-page.module.css";

export function PathPage() {
  const { params, set } = useUrlState();
  const from = params.get("from") ?? "";
  const to = params.get("to") ?? "";
  const path = useQuery({ ...pathQueries.path(from, to), enabled: from !== "" && to !== "" });
  return (
    <Page>
      <h1 className={classes.hidden}>Path</h1>
      <div className={classes.ends}>
        <End
          key={`from ${from}`}
          label="From"
          hint="A pod"
          value={from}
          onChange={(value) => set({ from: value }, "push")}
        />
        <span className={classes.arrow} aria-hidden="true">
          <ArrowIcon />
        </span>
        <End
          key={`to ${to}`}
          label="To"
          hint="A pod or an address, 8.8.8.8 for example"
          value={to}
          onChange={(value) => set({ to: value }, "push")}
        />
        <CopyPageLink />
      </div>
      {from === "" || to === "" ? (
        <Empty
          title="Choose a pod and where it sends a packet"
          detail="The answer is the address that the destination sees, each hop on the way, and the fields that decide it."
        >
          {from !== "" ? (
            <Button onClick={() => set({ to: "8.8.8.8" }, "push")}>To the internet, 8.8.8.8</Button>
          ) : null}
        </Empty>
      ) : (
        <QueryView query={path} what={`Following a packet from ${from} to ${to}`}>
          {(data) => <PathAnswer path={data} />}
        </QueryView>
      )}
    </Page>
  );
}

interface EndProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** One end of the path: type to find pods, Enter or leaving the field takes what is written. */
function End({ label, hint, value, onChange }: EndProps) {
  const [text, setText] = useState(value);
  const [asked] = useDebouncedValue(text, 120);
  const slash = asked.indexOf("/");
  const pods = useWindowed(
    podQueries.list({
      namespace: slash > 0 ? asked.slice(0, slash) : null,
      q: slash > 0 ? asked.slice(slash + 1) : asked,
      sort: "name",
    }),
  );
  const options = [
    ...new Set(pods.rows.filter((pod) => pod.ips.length > 0).map((pod) => `${pod.namespace}/${pod.name}`)),
  ];
  return (
    <SuggestField
      className={classes.end}
      label={label}
      hint={hint}
      options={options.slice(0, 20)}
      text={text}
      onText={setText}
      value={value}
      onTake={onChange}
    />
  );
}
