import { expect, test } from "vitest";
import { Flights } from "./flights.ts";

const held = () => Promise.withResolvers<string>();

test("what is asked for at one time is worked on once, and afterwards anew", async () => {
  const flights = new Flights<string>();
  const work = held();
  let begun = 0;
  const ask = () =>
    flights.share("key", null, () => {
      begun += 1;
      return work.promise;
    });
  const asked = [ask(), ask(), ask()];
  work.resolve("made");
  expect(await Promise.all(asked)).toEqual(["made", "made", "made"]);
  expect(begun).toBe(1);
  await ask();
  expect(begun).toBe(2);
});

test("whoever does not want it any more waits no longer; the work hears of it when nobody does", async () => {
  const flights = new Flights<string>();
  const work = held();
  let isGivenUp = () => false;
  const ask = (signal: AbortSignal) =>
    flights.share("key", signal, (given) => {
      isGivenUp = given;
      return work.promise;
    });
  const [one, other] = [new AbortController(), new AbortController()];
  const asked = [ask(one.signal), ask(other.signal)].map((each) => each.catch((error: Error) => error.name));
  await Promise.resolve();
  one.abort();
  expect(await asked[0]).toBe("AbortError");
  expect(isGivenUp()).toBe(false);
  other.abort();
  expect(await asked[1]).toBe("AbortError");
  expect(isGivenUp()).toBe(true);
  work.resolve("for nobody");
  await expect(ask(one.signal)).rejects.toThrow("aborted");
});

test("everybody hears of a failure, and the next one tries again", async () => {
  const flights = new Flights<string>();
  const fail = () => Promise.reject(new Error("no"));
  const asked = [flights.share("key", null, fail), flights.share("key", null, fail)];
  await expect(asked[0]).rejects.toThrow("no");
  await expect(asked[1]).rejects.toThrow("no");
  expect(await flights.share("key", null, () => Promise.resolve("yes"))).toBe("yes");
});
