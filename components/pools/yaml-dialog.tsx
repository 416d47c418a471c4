"use client";
import { Button, Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { PoolCreateResults } from "@/lib/contract/pools.ts";
import { createPools } from "@/lib/queries/pools.ts";
import { toProblemError } from "@/lib/queries/problem-error.ts";
import { useMay, useWriteObstacle } from "@/lib/queries/use-live.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Forbidden, Notice } from "../ui/states.tsx";
import { showToast } from "../ui/toast.tsx";
import { CreateResults, created } from "./create-results.tsx";
import { examplePool } from "./example-pool.ts";
import { plural } from "./pool-words.ts";
import { WriteProblem } from "./write-problem.tsx";
import classes from "./yaml-dialog.module.css";

/** What the server takes of one manifest. */
const mostBytes = 262_144;

/** Pools from YAML, pasted or dropped, one or more documents: checked while it is edited, created on request. */
export function YamlDialog({ onClose, fromExample }: { onClose: () => void; fromExample: boolean }) {
  const client = useQueryClient();
  const may = useMay("pools.create");
  const obstacle = useWriteObstacle();
  const [text, setText] = useState(fromExample ? examplePool : "");
  const [dropping, setDropping] = useState(false);
  const [settled] = useDebouncedValue(text, 400);
  const check = useQuery({
    queryKey: ["dry-run", "manifest", settled],
    queryFn: () => createPools(settled, { dryRun: true, onError: "continue" }),
    enabled: settled.trim() !== "" && may.allowed,
    gcTime: 0,
    retry: false,
    refetchInterval: false,
  });
  const create = useMutation({
    mutationFn: () => createPools(text),
    onSuccess: (answer) => {
      void client.invalidateQueries({ queryKey: ["pools"] });
      if (!answer.results.every(created)) return;
      showToast({ text: `${plural(answer.results.length, "pool")} created`, shape: "dot", tone: "ok" });
      onClose();
    },
    onError: () => void client.invalidateQueries({ queryKey: ["pools"] }),
  });
  const current = settled === text && !check.isFetching;
  const valid =
    current && check.data !== undefined && check.data.results.every((result) => result.outcome === "valid");
  const answer: PoolCreateResults | undefined = create.data ?? (current ? check.data : undefined);
  const error = create.error ?? (current ? check.error : null);
  const count = check.data?.results.length ?? 0;
  const edit = (next: string) => {
    create.reset();
    setText(next);
  };
  return (
    <Dialog
      opened
      onClose={onClose}
      title="Create pools from YAML"
      lead="One document or several, in either API version. Drop a file on the field, or paste."
      note={
        <span role="status">
          {obstacle ?? (text.trim() === "" ? "" : current ? "" : "Asking the API server for a dry run")}
          {obstacle === null && valid
            ? `The API server accepted a dry run of ${plural(count, "document")}.`
            : ""}
        </span>
      }
      actions={
        <>
          <Button size="md" onClick={onClose}>
            {create.data === undefined ? "Cancel" : "Close"}
          </Button>
          <Button
            size="md"
            variant="filled"
            disabled={!valid || obstacle !== null || create.isSuccess}
            loading={create.isPending}
            onClick={() => create.mutate()}
          >
            {count > 1 ? `Create ${count} pools` : "Create pool"}
          </Button>
        </>
      }
    >
      <div className={classes.body}>
        {may.permission && !may.pending ? <Forbidden permission={may.permission} /> : null}
        {may.readOnly ? <Notice>Poolboard runs read-only: its server refuses every change.</Notice> : null}
        <Textarea
          data-autofocus
          label="YAML"
          classNames={{ input: classes.input }}
          data-dropping={dropping || undefined}
          value={text}
          minRows={14}
          rows={14}
          spellCheck={false}
          placeholder={examplePool}
          onChange={(event) => edit(event.currentTarget.value)}
          onDragOver={(event) => {
            event.preventDefault();
            setDropping(true);
          }}
          onDragLeave={() => setDropping(false)}
          onDrop={(event) => {
            event.preventDefault();
            setDropping(false);
            void readDropped(event.dataTransfer).then((dropped) => {
              if (dropped !== null) edit(dropped);
            });
          }}
        />
        {new Blob([text]).size > mostBytes ? (
          <Notice tone="crit">The server takes 256 KB at once. Split the file.</Notice>
        ) : null}
        {error === null || error === undefined ? null : (
          <WriteProblem problem={toProblemError(error).problem} />
        )}
        {answer === undefined ? null : <CreateResults results={answer.results} />}
      </div>
    </Dialog>
  );
}

async function readDropped(transfer: DataTransfer): Promise<string | null> {
  const files = [...transfer.files];
  if (files.length === 0) return transfer.getData("text/plain") || null;
  const texts = await Promise.all(files.map((file) => file.text()));
  return texts.map((each) => each.trimEnd()).join("\n---\n");
}
