import { describe, expect, test } from "vitest";
import { ApiError, CredentialError, InvalidNameError, UnreachableError, writeOutcome } from "./errors.ts";
import { queryString, retryAfterSeconds, statusError, toError } from "./request.ts";

test.each<[unknown, string]>([
  [{}, ""],
  [undefined, ""],
  [{ limit: 500, continue: undefined, watch: true }, "?limit=500&watch=true"],
  [
    { continue: "a+b/c=&d", labelSelector: "app in (x, y)" },
    "?continue=a%2Bb%2Fc%3D%26d&labelSelector=app+in+%28x%2C+y%29",
  ],
])("queryString %j", (query, expected) => {
  expect(queryString(query as Parameters<typeof queryString>[0])).toBe(expected);
});

test.each<[string | string[] | undefined, number | null]>([
  ["7", 7],
  [" 7 ", 7],
  ["0", 0],
  [["3", "4"], 3],
  ["1.5", null],
  ["-1", null],
  ["", null],
  ["9999999999", null],
  ["Wed, 21 Oct 2037 07:28:00 GMT", null],
  [undefined, null],
])("retryAfterSeconds %j", (header, expected) => expect(retryAfterSeconds(header)).toBe(expected));

describe("toError", () => {
  const head = (status: number, type: string, retryAfter?: string) => ({
    status,
    headers: { "content-type": type, ...(retryAfter === undefined ? {} : { "retry-after": retryAfter }) },
  });

  test("takes reason, message, details and causes from a Status", () => {
    const status = {
      kind: "Status",
      code: 422,
      reason: "Invalid",
      message: 'IPPool "x" is invalid',
      details: {
        name: "x",
        group: "crd.projectcalico.org",
        kind: "IPPool",
        causes: [{ reason: "FieldValueInvalid", field: "spec.cidr", message: "bad" }, null],
      },
    };
    const error = toError(head(422, "application/json; charset=utf-8"), Buffer.from(JSON.stringify(status)));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      status: 422,
      reason: "Invalid",
      message: 'IPPool "x" is invalid',
      details: {
        name: "x",
        group: "crd.projectcalico.org",
        kind: "IPPool",
        causes: [
          { reason: "FieldValueInvalid", field: "spec.cidr", message: "bad" },
          { reason: "", field: "", message: "" },
        ],
      },
    });
  });

  test.each<[number, string, string]>([
    [502, "text/html", "<html><script>alert(1)</script>"],
    [500, "application/json", "{"],
    [403, "application/json", '{"kind":"Other","message":"secret"}'],
  ])("%i %s %s: foreign text stays out of the message", (status, type, body) => {
    expect(toError(head(status, type), Buffer.from(body))).toMatchObject({
      status,
      reason: "",
      message: `the server answered ${status}`,
    });
  });

  test("a 404 by the API server itself, and by something else", () => {
    expect(
      toError(head(404, "text/plain; charset=utf-8"), Buffer.from("404 page not found\n")),
    ).toMatchObject({
      reason: "NotFound",
    });
    expect(toError(head(404, "text/html"), Buffer.from("<html>404"))).toMatchObject({ reason: "" });
  });

  test("the header's wish to wait goes before the Status'", () => {
    const status = JSON.stringify({ kind: "Status", details: { retryAfterSeconds: 9 } });
    expect(toError(head(429, "application/json", "4"), Buffer.from(status))).toMatchObject({ retryAfter: 4 });
    expect(toError(head(429, "application/json", "soon"), Buffer.from(status))).toMatchObject({
      retryAfter: 9,
    });
  });

  test("a redirect is no answer of an API server", () => {
    expect(toError(head(301, "text/html"), Buffer.from(""))).toBeInstanceOf(UnreachableError);
  });
});

test.each([null, undefined, 7, "Status", [], {}, { kind: "Pod" }])("statusError %j is null", (value) => {
  expect(statusError(value)).toBeNull();
});

test.each<[unknown, string]>([
  [new ApiError({ status: 409, reason: "Conflict", message: "" }), "refused"],
  [new ApiError({ status: 429, reason: "TooManyRequests", message: "" }), "refused"],
  [new ApiError({ status: 500, reason: "InternalError", message: "" }), "unknown"],
  [new ApiError({ status: 504, reason: "Timeout", message: "" }), "unknown"],
  [new UnreachableError("network", "no", ""), "notSent"],
  [new UnreachableError("timeout", "maybe", ""), "unknown"],
  [new InvalidNameError(), "notSent"],
  [new CredentialError(), "notSent"],
  [new TypeError(), "unknown"],
])("writeOutcome of %o is %s", (error, outcome) => expect(writeOutcome(error)).toBe(outcome));
