"use client";
import type { Problem } from "@/lib/contract/problem.ts";
import { undoActivity } from "@/lib/queries/activity.ts";
import { toProblemError } from "@/lib/queries/problem-error.ts";
import type { GlyphShape, Tone } from "../ui/glyph.tsx";
import { showToast } from "../ui/toast.tsx";

/** How long the toast offers to take a write back; the log offers it afterwards. */
const UNDO_SECONDS = 10;

/** An undo that did not happen, or of which nobody knows. */
export interface UndoRefusal {
  readonly activity: string;
  /** What was to be taken back: “external-pool disabled”. */
  readonly text: string;
  readonly problem: Problem;
}

interface State {
  /** The log's entries of the writes of this page, newest first. */
  readonly followed: readonly string[];
  readonly refusal: UndoRefusal | null;
}

let state: State = { followed: [], refusal: null };
const listeners = new Set<() => void>();

function set(change: Partial<State>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

/** What became of this page's writes; `AfterWriteHost` shows it on every page. */
export const afterWrite = {
  get: (): State => state,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  unfollow: (id: string) => set({ followed: state.followed.filter((each) => each !== id) }),
  closeRefusal: () => set({ refusal: null }),
};

interface Written {
  /** “external-pool disabled”. */
  readonly text: string;
  readonly shape?: GlyphShape;
  readonly tone?: Tone;
  /** The log's entry of the write, as `usePoolWrite` tells it or `requestIdOf` the answer; null: not known, and no Undo. */
  readonly activity: string | null;
}

/** Says that a write is stored, offers to take it back, and has it followed. */
export function showWritten({ text, shape = "dot", tone = "ok", activity }: Written): void {
  if (activity === null) return showToast({ text, shape, tone });
  set({ followed: [activity, ...state.followed].slice(0, 5) });
  showToast({
    text,
    shape,
    tone,
    seconds: UNDO_SECONDS,
    countdown: true,
    action: { label: "Undo", run: () => void undo(activity, text) },
  });
}

async function undo(activity: string, text: string): Promise<void> {
  try {
    const { id, pool, namespace, note } = await undoActivity(activity);
    set({ followed: [id, ...state.followed.filter((each) => each !== activity)] });
    const name = pool?.name ?? namespace?.name ?? "";
    showToast({
      text: `${name} put back as it was${note === null ? "" : `. ${note}`}`,
      shape: "dot",
      tone: "ok",
    });
  } catch (error) {
    set({ refusal: { activity, text, problem: toProblemError(error).problem } });
  }
}
