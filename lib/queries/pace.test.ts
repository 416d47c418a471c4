import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { freshness } from "./freshness.ts";
import { paceOf } from "./pace.ts";

const mark = { queryKey: ["pods"] };

/** A page that shows pods, and answers that come when the test says so. */
function page() {
  const client = new QueryClient();
  const answers: (() => void)[] = [];
  const observer = new QueryObserver(client, {
    queryKey: ["pods", "list"],
    queryFn: () => new Promise((resolve) => answers.push(() => resolve(answers.length))),
    initialData: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const leave = observer.subscribe(() => {});
  const answer = async () => {
    answers.at(-1)?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { client, pace: paceOf(client), asked: () => answers.length, answer, leave };
}

beforeEach(() => {
  vi.useFakeTimers();
  // In the middle: neither sooner nor later than the pace.
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  freshness.set({ pausedAt: null });
});

test("an isolated change is asked for at once, steady ones once a pace, the last one always", async () => {
  const { pace, asked, answer } = page();
  pace.mark(mark);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked()).toBe(1);
  await answer();
  pace.everyMs = 2_000;
  for (let tick = 0; tick < 16; tick += 1) {
    await vi.advanceTimersByTimeAsync(250);
    pace.mark(mark);
    await answer();
  }
  // Four seconds later: at 2 s and at 4 s.
  expect(asked()).toBe(3);
  pace.mark(mark);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(asked()).toBe(4);
  await answer();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked()).toBe(4);
  expect(vi.getTimerCount()).toBe(0);
});

test("what is under way is not started twice, and is followed by one more", async () => {
  const { pace, asked, answer } = page();
  pace.mark(mark);
  await vi.advanceTimersByTimeAsync(0);
  for (let tick = 0; tick < 8; tick += 1) {
    pace.mark(mark);
    await vi.advanceTimersByTimeAsync(250);
  }
  expect(asked()).toBe(1);
  await answer();
  expect(asked()).toBe(2);
  await answer();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked()).toBe(2);
});

test("what nobody shows is asked for when somebody does", async () => {
  const { client, pace, asked, leave } = page();
  leave();
  pace.mark(mark);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked()).toBe(0);
  expect(client.getQueryState(["pods", "list"])?.isInvalidated).toBe(true);
});

test("a tab that nobody sees waits until somebody does", async () => {
  const tab = { hidden: true };
  vi.stubGlobal("document", tab);
  const { pace, asked } = page();
  pace.mark(mark);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked()).toBe(0);
  tab.hidden = false;
  pace.soon();
  await vi.advanceTimersByTimeAsync(0);
  expect(asked()).toBe(1);
});

test("a page that is paused asks for nothing", async () => {
  const { pace, asked } = page();
  pace.mark(mark);
  freshness.set({ pausedAt: 1 });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked()).toBe(0);
});
