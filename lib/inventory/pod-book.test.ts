import { expect, test } from "vitest";
import { event, handClock, inventoryOf, podObject } from "./testing.ts";

test("that a pod is gone for good is told half a minute after it left, also when another left before it", () => {
  const clock = handClock();
  const pods = [podObject("shop/early"), podObject("shop/late")];
  const inventory = inventoryOf({ pods }, { clock });
  const steps = (seconds: number, each: () => void) => {
    for (let passed = 0; passed < seconds; passed++) {
      clock.pass(1_000);
      each();
    }
  };
  event(inventory, "pods", "DELETED", podObject("shop/early"));
  steps(10, () => undefined);
  event(inventory, "pods", "DELETED", podObject("shop/late"));
  clock.pass(1_000);

  const left = clock.now() - 1_000;
  const told: number[] = [];
  inventory.changes.subscribe(({ touched }) => {
    if (touched.includes("addresses")) told.push((clock.now() - left) / 1_000);
  });
  steps(120, () => clock.pass(0));
  expect(told).toEqual([21, 31]);
});
