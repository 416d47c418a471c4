import { expect, test } from "vitest";
import { datedPdf } from "./dated-pdf.ts";

const made = (time: string) =>
  Buffer.concat([
    Buffer.from(`/CreationDate (D:${time}+00'00')\n/ModDate (D:${time}+00'00')>>`),
    Buffer.from([0, 128, 255, 10]),
  ]);

test("two PDFs of one page at one standing clock are the same bytes", () => {
  const [one, other] = [made("20261129220226"), made("20261129220301")];
  const clock = "2026-11-23T15:40:02.512Z";
  expect(datedPdf(one, clock)).toEqual(made("20261123154002"));
  expect(datedPdf(other, clock)).toEqual(datedPdf(one, clock));
});

test("without one it is left alone", () => {
  expect(datedPdf(made("20261129220226"), null)).toEqual(made("20261129220226"));
});
