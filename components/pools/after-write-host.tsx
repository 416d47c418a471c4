"use client";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useSyncExternalStore } from "react";
import { activityQueries } from "@/lib/queries/activity.ts";
import { showToast } from "../ui/toast.ts";
import { activityHref } from "./activity-href.ts";
import { afterWrite } from "./after-write-state.ts";
import { alarmOf } from "./after-write-words.ts";
import { UndoRefused } from "./undo-refused.tsx";

/** On every page: an alarm when a write made here is put back or does harm, and why one could not be undone. */
export function AfterWriteHost() {
  const { followed, refusal } = useSyncExternalStore(afterWrite.subscribe, afterWrite.get, afterWrite.get);
  return (
    <>
      {followed.map((id) => (
        <Follower key={id} id={id} />
      ))}
      {refusal === null ? null : <UndoRefused refusal={refusal} onClose={afterWrite.closeRefusal} />}
    </>
  );
}

function Follower({ id }: { id: string }) {
  const router = useRouter();
  const { data: entry } = useQuery(activityQueries.detail(id));
  const alarm = entry === undefined ? null : alarmOf(entry);
  const tone = alarm?.tone;
  const isOver = entry !== undefined && (entry.watch === null || entry.watch.verdict !== null);
  const ring = useEffectEvent(() => {
    if (alarm === null) return;
    showToast({
      ...alarm,
      shape: "triangle",
      seconds: 20,
      action: { label: "See", run: () => router.push(activityHref(id)) },
    });
  });
  // Once for harm and once more when it gets worse; the log has the rest.
  useEffect(() => {
    if (tone !== undefined) ring();
  }, [tone]);
  useEffect(() => {
    if (isOver) afterWrite.unfollow(id);
  }, [isOver, id]);
  return null;
}
