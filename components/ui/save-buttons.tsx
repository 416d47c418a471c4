"use client";
import { Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { List } from "@/lib/contract/common.ts";
import type { Progress } from "@/lib/queries/lists.ts";
import { toProblemError } from "@/lib/queries/problem-error.ts";
import type { Column } from "./column.ts";
import { countText } from "./count.ts";
import { fileOf, type SaveFormat, saveFormats } from "./save-rows.ts";
import { saveFile } from "./save-file.ts";
import classes from "./save-buttons.module.css";
import { Foreign } from "./value.tsx";

interface Props<Row> {
  /** File name without extension. */
  readonly name: string;
  /** All of them are in the CSV, shown or not; or what loads them, where the page itself does without. */
  readonly columns: readonly Column<Row>[] | (() => Promise<readonly Column<Row>[]>);
  /** The rows themselves, or what reads every row that the filter leaves. */
  readonly rows: readonly Row[] | ((signal: AbortSignal, tell: Progress) => Promise<List<Row>>);
  /** There are none. */
  readonly empty?: boolean;
}

type Step =
  | { readonly at: "rest" }
  | {
      readonly at: "reading";
      readonly format: SaveFormat;
      readonly read: number;
      readonly total: number | null;
    }
  | { readonly at: "failed"; readonly why: string };

/**
 * “CSV” and “JSON” of a whole table: the first has its columns, the second is the list as the API gives it. Rows that are not
 * on the page are read first, which the button counts; a second click, or leaving the page, ends that. When a part cannot be
 * read, nothing is saved.
 */
export function SaveRows<Row>({ name, columns, rows, empty = false }: Props<Row>) {
  const [step, setStep] = useState<Step>({ at: "rest" });
  const running = useRef<AbortController>(null);
  useEffect(() => () => running.current?.abort(), []);

  const save = async (format: SaveFormat) => {
    running.current?.abort();
    if (step.at === "reading") return setStep({ at: "rest" });
    const stop = new AbortController();
    running.current = stop;
    const settle = (next: Step) => {
      if (!stop.signal.aborted) setStep(next);
    };
    const tell: Progress = (read, total) => settle({ at: "reading", format, read, total });
    tell(0, null);
    try {
      const all = typeof columns === "function" ? await columns() : columns;
      const list = typeof rows === "function" ? await rows(stop.signal, tell) : listOfAll(rows);
      if (stop.signal.aborted) return;
      const file = fileOf(format, all, list);
      if (file.content !== null) saveFile(`${name}.${format}`, file.type, file.content);
      settle(file.content === null ? { at: "failed", why: file.why } : { at: "rest" });
    } catch (error) {
      settle({ at: "failed", why: toProblemError(error).problem.title });
    }
  };

  return (
    <span className={classes.save} data-noshot>
      {saveFormats.map((format) => (
        <Button key={format} variant="subtle" disabled={empty} onClick={() => void save(format)}>
          {step.at === "reading" && step.format === format ? progressWords(format, step) : label(format)}
        </Button>
      ))}
      {step.at === "failed" ? (
        <span className={classes.failed} role="alert">
          Nothing is saved. <Foreign>{step.why}</Foreign>.
        </span>
      ) : null}
    </span>
  );
}

const label = (format: SaveFormat) => format.toUpperCase();

function progressWords(format: SaveFormat, { read, total }: { read: number; total: number | null }): string {
  const of = total === null ? "" : ` of ${countText(total)}`;
  return `${label(format)}, ${countText(read)}${of} read`;
}

function listOfAll<Row>(rows: readonly Row[]): List<Row> {
  return { items: [...rows], total: rows.length };
}
