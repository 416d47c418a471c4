import { shared } from "./shared.ts";

/** `stopping`: the end was asked for; what is under way finishes, readiness says no. */
type Lifecycle = "running" | "stopping";

const slot = () => shared<{ now: Lifecycle }>("lifecycle", () => ({ now: "running" }));

export function setLifecycle(now: Lifecycle): void {
  slot().now = now;
}

export function lifecycle(): Lifecycle {
  return slot().now;
}
