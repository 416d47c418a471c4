import fc from "fast-check";
import { expect, test } from "vitest";
import { eventReader } from "./event-stream.ts";

const stream = [
  ": hello there\n\n",
  'event: hello\ndata: {"version":"a.1"}\n\n',
  "id: 7\r\nevent: change\r\ndata: one\r\ndata: two\r\n\r\n",
  "data\n\n",
  "retry: 100\n\n",
].join("");
const events = [
  { name: "hello", data: '{"version":"a.1"}' },
  { name: "change", data: "one\ntwo" },
  { name: "message", data: "" },
];

test("events come out the same however the stream is cut", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), (cuts) => {
      const read = eventReader();
      const places = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
      const pieces = places.slice(1).map((end, index) => stream.slice(places[index], end));
      expect(pieces.flatMap((piece) => [...read(piece)])).toEqual(events);
    }),
  );
});

test("an event that is not finished is not given", () => {
  expect(eventReader()("event: change\ndata: half")).toEqual([]);
});
