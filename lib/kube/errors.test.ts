import { expect, test, vi } from "vitest";
import * as errors from "./errors.ts";

test("an error of another copy of the module is known all the same, and no other error is taken for it", async () => {
  vi.resetModules();
  const other = await import("./errors.ts");
  expect(other.ApiError).not.toBe(errors.ApiError);
  const thrown = new other.ApiError({ status: 409, reason: "Conflict", message: "changed" });
  expect(thrown instanceof errors.ApiError).toBe(true);
  expect(thrown instanceof errors.UnreachableError).toBe(false);
  expect(new Error("x") instanceof errors.ApiError).toBe(false);
  expect(errors.writeOutcome(thrown)).toBe("refused");
});
