import { activityStore } from "./store.ts";
import { interrupted } from "./watch-words.ts";

/** Watches of a process that ended before their time was over. */
export function closeAbandoned(): void {
  const store = activityStore();
  for (const { activity } of store.abandoned(Date.now())) {
    store.amend(activity.id, (kept) => {
      const { watch } = kept.activity;
      if (watch === null || watch.verdict !== null) return null;
      const ended = interrupted(watch, "The server ended before five minutes were over.");
      return { ...kept, activity: { ...kept.activity, watch: ended } };
    });
  }
}
