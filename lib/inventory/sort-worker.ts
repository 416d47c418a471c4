import { parentPort } from "node:worker_threads";
import { type SortInput, sortRows } from "./sort-rows.ts";

/** The thread behind `sorted`: one input, one answer, in their order. */
parentPort?.on("message", (input: SortInput) => {
  const rows = sortRows(input);
  parentPort?.postMessage(rows, [rows.buffer as ArrayBuffer]);
});
