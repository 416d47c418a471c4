import { expect, test } from "vitest";
import { makeLogger, withoutSecrets } from "./log.ts";

function logged(write: (log: ReturnType<typeof makeLogger>) => void): string {
  const lines: string[] = [];
  write(makeLogger({ write: (line) => void lines.push(line) }));
  return lines.join("");
}

test.each([
  ["Authorization: Bearer abc.def-123", "abc.def-123"],
  ["authorization: bearer abcdefgh", "abcdefgh"],
  ["https://admin:hunter2@example.org/x", "hunter2"],
  ["token eyJhbGciOi.eyJzdWIi.c2ln", "c2ln"],
  ["-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", "MIIE"],
  ["-----BEGIN CERTIFICATE-----\nMIIC", "MIIC"],
])("%j loses its secret", (text, secret) => {
  expect(withoutSecrets(text)).not.toContain(secret);
});

test.each([
  "A write needs the header Origin: http://localhost:3000, or a bearer token.",
  "no bearer token is accepted",
  "Bearer tokens and basic authentication.",
])("%j is prose and stays as it is", (text) => {
  expect(withoutSecrets(text)).toBe(text);
});

test("no field that is named after a secret, and no secret in an error, reaches the log", () => {
  const text = logged((log) => {
    log.info({
      token: "s3cret",
      headers: { authorization: "s3cret", cookie: "s3cret" },
      object: { password: "s3cret" },
    });
    log.error({ err: new Error("refused: Bearer s3cret") }, "failed");
  });
  expect(text).not.toContain("s3cret");
  expect(text.trim().split("\n")).toHaveLength(2);
  for (const line of text.trim().split("\n")) expect(JSON.parse(line)).toHaveProperty("time");
});
