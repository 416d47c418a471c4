import { onTestFinished, expect, test, vi } from "vitest";
import { createQueryClient } from "./client.ts";

test("a page made on the server leaves no timer behind", () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const client = createQueryClient();
  client.getQueryCache().build(client, { queryKey: ["pools"] });
  client.setQueryData(["nodes"], []);
  expect(vi.getTimerCount()).toBe(0);
});
