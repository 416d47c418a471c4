"use client";
import { undoActivity } from "@/lib/queries/activity.ts";
import { toProblemError } from "@/lib/queries/problem-error.ts";
import type { GlyphShape, Tone } from "../ui/glyph.tsx";
import { showToast } from "../ui/toast.ts";
import { afterWrite } from "./after-write-state.ts";

/** How long the toast offers to take a write back; the log offers it afterwards. */
const UNDO_SECONDS = 10;

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
  afterWrite.follow(activity);
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
    afterWrite.unfollow(activity);
    afterWrite.follow(id);
    const name = pool?.name ?? namespace?.name ?? "";
    showToast({
      text: `${name} put back as it was${note === null ? "" : `. ${note}`}`,
      shape: "dot",
      tone: "ok",
    });
  } catch (error) {
    afterWrite.refuse({ activity, text, problem: toProblemError(error).problem });
  }
}
