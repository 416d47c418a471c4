"use client";
import { Button, Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Action } from "@/lib/contract/session.ts";
import { toProblemError } from "@/lib/queries/problem-error.ts";
import { useMay, useWriteObstacle } from "@/lib/queries/use-live.ts";
import { useLateFailure } from "../pools/late-failure.ts";
import { plural } from "../pools/pool-words.ts";
import { WriteProblem } from "../pools/write-problem.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Segments } from "../ui/filter-bar.tsx";
import { Forbidden, Notice } from "../ui/states.tsx";
import { showToast } from "../ui/toast.ts";
import { type DocumentResult, DocumentResults, isGood, isThere } from "./document-results.tsx";
import classes from "./manifest-dialog.module.css";
import { readDropped } from "./read-dropped.ts";

interface SendOptions {
  readonly dryRun: boolean;
  readonly onError: "stop" | "continue";
}

interface Props {
  readonly title: string;
  readonly lead: string;
  /** What one document is, and what is done with it: “pool”, “Create”, “created”. */
  readonly noun: string;
  readonly verb: string;
  readonly done: string;
  readonly action: Action;
  /** A manifest that works as it stands. */
  readonly example: string;
  readonly initial?: string;
  /** What is taken at once. */
  readonly mostKilobytes: number;
  readonly send: (
    text: string,
    options: SendOptions,
  ) => Promise<{ readonly results: readonly DocumentResult[] }>;
  /** Lists to ask again after a write. */
  readonly touches: readonly string[];
  readonly onClose: () => void;
}

/** Objects from YAML, pasted or dropped, one or more documents: checked while it is edited, written on request. */
export function ManifestDialog(props: Props) {
  const {
    title,
    lead,
    noun,
    verb,
    done,
    action,
    example,
    initial = "",
    mostKilobytes,
    send,
    touches,
  } = props;
  const { onClose } = props;
  const client = useQueryClient();
  const may = useMay(action);
  const obstacle = useWriteObstacle();
  const [text, setText] = useState(initial);
  const [onError, setOnError] = useState<SendOptions["onError"]>("stop");
  const [dropping, setDropping] = useState(false);
  const [settled] = useDebouncedValue(text, 400);
  const isTooLarge = new Blob([text]).size > mostKilobytes * 1024;
  const check = useQuery({
    queryKey: ["dry-run", "manifest", action, settled],
    queryFn: () => send(settled, { dryRun: true, onError: "continue" }),
    enabled: settled.trim() !== "" && may.allowed && !isTooLarge,
    gcTime: 0,
    retry: false,
    refetchInterval: false,
  });
  const refresh = () => {
    for (const list of touches) void client.invalidateQueries({ queryKey: [list] });
  };
  const tellLate = useLateFailure();
  const write = useMutation({
    mutationFn: () => send(text, { dryRun: false, onError }),
    onSuccess: ({ results }) => {
      refresh();
      const bad = results.find((result) => !isThere(result));
      if (bad) return tellLate(bad.name ?? `document ${bad.index + 1}`, done, bad.problem);
      showToast({ text: `${plural(results.length, noun)} ${done}`, shape: "dot", tone: "ok" });
      onClose();
    },
    onError: (failure) => {
      tellLate(`every ${noun}`, done, toProblemError(failure).problem);
      refresh();
    },
  });
  const current = settled === text && !check.isFetching;
  const checked = current ? (check.data?.results ?? []) : [];
  const good = checked.filter(isGood).length;
  const all = checked.length > 0 && good === checked.length;
  const ready = all || (onError === "continue" && good > 0);
  const answer = write.data?.results ?? checked;
  const error = write.error ?? (current ? check.error : null);
  const edit = (next: string) => {
    write.reset();
    setText(next);
  };
  const label =
    checked.length <= 1
      ? `${verb} ${noun}`
      : all || onError === "stop"
        ? `${verb} ${plural(checked.length, noun)}`
        : `${verb} ${good} of ${plural(checked.length, noun)}`;
  return (
    <Dialog
      opened
      onClose={onClose}
      title={title}
      lead={lead}
      note={
        <span role="status">
          {obstacle ?? noteOf({ isEmpty: text.trim() === "" || isTooLarge, current, checked, all, onError })}
        </span>
      }
      actions={
        <>
          <Button size="md" onClick={onClose}>
            {write.data === undefined ? "Cancel" : "Close"}
          </Button>
          <Button
            size="md"
            variant="filled"
            disabled={!ready || obstacle !== null || write.isSuccess}
            loading={write.isPending}
            onClick={() => write.mutate()}
          >
            {label}
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
          placeholder={example}
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
        {isTooLarge ? (
          <Notice tone="crit">At most {mostKilobytes} KB are taken at once. Split the file.</Notice>
        ) : null}
        {answer.length > 1 ? (
          <div className={classes.choice}>
            <span>When one is refused</span>
            <Segments
              label="When one is refused"
              value={onError}
              options={[
                { value: "stop", label: "Stop" },
                { value: "continue", label: "Go on with the others" },
              ]}
              onChange={(value) => setOnError(value === "continue" ? "continue" : "stop")}
            />
          </div>
        ) : null}
        {error === null || error === undefined ? null : (
          <WriteProblem problem={toProblemError(error).problem} />
        )}
        {answer.length === 0 ? null : <DocumentResults results={answer} />}
      </div>
    </Dialog>
  );
}

function noteOf({
  isEmpty,
  current,
  checked,
  all,
  onError,
}: {
  isEmpty: boolean;
  current: boolean;
  checked: readonly DocumentResult[];
  all: boolean;
  onError: SendOptions["onError"];
}): string {
  if (isEmpty) return "";
  if (!current) return "Asking the API server for a dry run";
  if (checked.length === 0) return "";
  if (all) return `The API server accepted a dry run of ${plural(checked.length, "document")}.`;
  const bad = checked.filter((result) => !isGood(result)).length;
  if (checked.length === 1) return "The document is refused.";
  const refused = `${bad} of ${checked.length} documents ${bad === 1 ? "is" : "are"} refused`;
  return onError === "continue"
    ? `${refused}; the others are written.`
    : `${refused}, so nothing is written.`;
}
