"use client";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Pool } from "@/lib/contract/pools.ts";
import { poolQueries } from "@/lib/queries/pools.ts";
import { CopyButton } from "../ui/copy.tsx";
import { FilterBar } from "../ui/filter-bar.tsx";
import { usePrefetch } from "../ui/lazily.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { saveFile } from "../ui/save-file.ts";
import { Yaml } from "../ui/yaml.tsx";
import { EditButton } from "./edit-button.tsx";
import { YamlEditDialog } from "./pool-dialogs.ts";

const dialogs = [YamlEditDialog];

/** The pool as the cluster stores it, and the way to change it there. */
export function YamlTab({ pool }: { pool: Pool }) {
  usePrefetch(dialogs);
  const query = useQuery(poolQueries.yaml(pool.name));
  return (
    <QueryView query={query} what={`Reading the YAML of ${pool.name}`}>
      {(text) => (
        <>
          <FilterBar
            tools={
              <>
                <CopyButton text={text}>Copy</CopyButton>
                <Button onClick={() => saveFile(`${pool.name}.yaml`, "application/yaml", text)}>
                  Download
                </Button>
                <EditButton pool={pool} label="Edit YAML">
                  {(dialog) => <YamlEditDialog pool={pool} stored={text} {...dialog} />}
                </EditButton>
              </>
            }
          >
            <p>As the cluster stores it.</p>
          </FilterBar>
          <Yaml text={text} label={`YAML of ${pool.name}`} />
        </>
      )}
    </QueryView>
  );
}
