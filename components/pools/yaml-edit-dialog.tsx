"use client";
import { Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Pool } from "@/lib/contract/pools.ts";
import { poolQueries } from "@/lib/queries/pools.ts";
import { Notice } from "../ui/states.tsx";
import { Foreign, Mono } from "../ui/value.tsx";
import { EditDialog, EditTitle } from "./edit-dialog.tsx";
import { storedVersion, withChange, yamlChange } from "./yaml-change.ts";
import classes from "./yaml-edit-dialog.module.css";

interface Props {
  readonly pool: Pool;
  /** The pool's document as it was shown. */
  readonly stored: string;
  readonly onClose: () => void;
}

/** Changes a pool by its YAML: the fields of the spec that differ become one change; anything else that differs is refused by field. */
export function YamlEditDialog({ pool, stored, onClose }: Props) {
  const client = useQueryClient();
  // The text may be older than the pool beside it: what was seen is the text.
  const [seen] = useState(() => ({
    ...pool,
    resourceVersion: storedVersion(stored) ?? pool.resourceVersion,
  }));
  const [base, setBase] = useState({ pool: seen, text: stored });
  const [text, setText] = useState(stored);
  const { change, errors } = yamlChange(base.pool, base.text, text);
  return (
    <EditDialog
      pool={seen}
      title={<EditTitle what="YAML" pool={pool} />}
      lead="Fields of the spec that Calico lets change; CIDR, block size and metadata stay as they are."
      change={change}
      sound={errors.length === 0}
      onRebase={(theirs) => {
        const query = { ...poolQueries.yaml(pool.name), staleTime: 0 };
        void client.fetchQuery(query).then((now) => {
          setBase({ pool: theirs, text: now });
          setText(withChange(now, change));
        });
      }}
      onClose={onClose}
      showsRefusal={() => false}
    >
      {() => (
        <>
          <Textarea
            data-autofocus
            label="YAML"
            classNames={{ input: classes.input }}
            value={text}
            autosize
            minRows={12}
            maxRows={22}
            spellCheck={false}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {errors.length === 0 ? null : (
            <Notice tone="crit">
              <ul aria-label="What is wrong">
                {errors.map(({ field, message }) => (
                  <li key={`${field} ${message}`}>
                    {field === "" ? null : (
                      <>
                        <Mono wrap>{field}</Mono>{" "}
                      </>
                    )}
                    <Foreign>{message}</Foreign>
                  </li>
                ))}
              </ul>
            </Notice>
          )}
        </>
      )}
    </EditDialog>
  );
}
