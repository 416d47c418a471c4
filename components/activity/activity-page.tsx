"use client";
import { useQuery } from "@tanstack/react-query";
import { Segments } from "@/components/ui/filter-bar.tsx";
import { ListPage } from "@/components/ui/list-page.tsx";
import { useUrlState } from "@/components/ui/use-url-state.ts";
import { activityActions, activityResults } from "@/lib/contract/activity.ts";
import { activityQueries } from "@/lib/queries/activity.ts";
import { ActivityCard } from "./activity-card.tsx";
import { activityColumns } from "./activity-columns.tsx";
import { ActivityPhoneRow } from "./activity-phone-row.tsx";
import { actionWords, kindWords, resultWords } from "./activity-words.ts";

const options = <Value extends string>(values: readonly Value[], words: Readonly<Record<Value, string>>) =>
  values.map((value) => ({ value, label: words[value] }));
const actionOptions = options(activityActions, actionWords);
const resultOptions = options(activityResults, resultWords);
const kindOptions = [...kindWords].map(([value, label]) => ({ value, label }));

/** Entries among which people are looked for, to choose from. */
const recent = 200;

function usePersonOptions() {
  const { data } = useQuery(activityQueries.newest({}, recent));
  const names = new Set((data?.items ?? []).flatMap(({ user }) => user ?? []));
  return names.size === 0 ? undefined : [...names].sort().map((name) => ({ value: name, label: name }));
}

/** Who wrote what through this server, and what became of it. */
export function ActivityPage() {
  const { params, set } = useUrlState();
  const entry = params.get("entry");
  const people = usePersonOptions();
  return (
    <ListPage
      noun={{ one: "entry", many: "activity" }}
      columns={activityColumns}
      query={(filter) => activityQueries.list(filter)}
      firstSort={{ id: "at", desc: true }}
      textOf="name, person, request, reason"
      fields={[
        { param: "user", label: "Person", ...(people ? { values: people } : {}) },
        { param: "kind", label: "Kind", values: kindOptions },
        { param: "object", label: "Object" },
        { param: "action", label: "Action", values: actionOptions },
        { param: "result", label: "Result", values: resultOptions },
      ]}
      choice={{
        param: "dryRun",
        control: (
          <Segments
            label="Dry runs"
            value={params.get("dryRun") === "true" ? "true" : "false"}
            options={[
              { value: "false", label: "Writes" },
              { value: "true", label: "With dry runs" },
            ]}
            onChange={(value) => set({ dryRun: value === "true" ? value : null })}
          />
        ),
      }}
      rowId={(each) => each.id}
      selectedId={entry}
      onOpen={(each) => set({ entry: each.id }, "push")}
      phoneRow={(each) => <ActivityPhoneRow entry={each} />}
      none={{
        title: "Nothing has been written through this server",
        detail:
          "Every attempt to change a pool, a namespace or a reservation here leaves an entry, refused ones too.",
      }}
    >
      {entry === null ? null : <ActivityCard key={entry} id={entry} onClose={() => set({ entry: null })} />}
    </ListPage>
  );
}
