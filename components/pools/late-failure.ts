"use client";
import { useEffect, useRef } from "react";
import type { Problem } from "@/lib/contract/problem.ts";
import { showToast } from "../ui/toast.ts";
import { mayHaveHappened } from "./outcome-unknown.ts";

type Ended = Pick<Problem, "code" | "status" | "title">;

/** Long enough to be read by somebody who was about something else. */
const seconds = 30;

/** Says in a corner how a write ended badly, where the dialog that would have shown it has been closed meanwhile. */
export function useLateFailure(): (name: string, done: string, problem: Ended | undefined) => void {
  const isClosed = useRef(false);
  useEffect(() => {
    isClosed.current = false;
    return () => {
      isClosed.current = true;
    };
  }, []);
  return (name, done, problem) => {
    if (!isClosed.current) return;
    const text =
      problem === undefined || mayHaveHappened(problem)
        ? `No answer came. Look whether ${name} is ${done}`
        : `${name} is not ${done}: ${problem.title}`;
    showToast({ text, shape: "cross", tone: "crit", seconds });
  };
}
