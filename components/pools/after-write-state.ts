import type { Problem } from "@/lib/contract/problem.ts";

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
  follow: (id: string) => set({ followed: [id, ...state.followed].slice(0, 5) }),
  unfollow: (id: string) => set({ followed: state.followed.filter((each) => each !== id) }),
  refuse: (refusal: UndoRefusal) => set({ refusal }),
  closeRefusal: () => set({ refusal: null }),
};
