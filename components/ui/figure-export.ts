"use client";
import { useEffect, useRef, useState } from "react";
import { allPainted } from "../shot/painting.ts";
import { drawn, takePicture } from "./figure-picture.ts";
import { saveFile } from "./save-file.ts";

/** Pairs of frames that a figure gets to draw itself anew: about ten seconds. */
const mostWaits = 300;

type Step =
  { readonly at: "rest" } | { readonly at: "taking" } | { readonly at: "failed"; readonly why: string };

/** Takes the picture of a figure and saves it as `{file}.png`. While `isTaking`, the figure draws itself for a picture. */
export function useFigureExport(file: string) {
  const figure = useRef<HTMLDivElement>(null);
  const stamp = useRef<HTMLDivElement>(null);
  const [step, setStep] = useState<Step>({ at: "rest" });

  const isTaking = step.at === "taking";
  useEffect(() => {
    if (!isTaking) return;
    const gone = new AbortController();
    const settle = (next: Step) => {
      if (!gone.signal.aborted) setStep(next);
    };
    const take = async () => {
      await drawn();
      for (let waits = 0; !allPainted() && waits < mostWaits; waits++) await drawn();
      if (gone.signal.aborted || !figure.current || !stamp.current) return;
      const picture = await takePicture(figure.current, stamp.current);
      if (!gone.signal.aborted) saveFile(`${file}.png`, "image/png", picture);
    };
    take().then(
      () => settle({ at: "rest" }),
      (error: unknown) => settle({ at: "failed", why: whyNot(error) }),
    );
    return () => gone.abort();
  }, [isTaking, file]);

  return {
    figure,
    stamp,
    isTaking,
    /** Why the last picture could not be taken; null: it could. */
    failure: step.at === "failed" ? step.why : null,
    take: () => setStep({ at: "taking" }),
  };
}

/** A part of the page that did not come is not named: its name is the bundler's. */
function whyNot(error: unknown): string {
  if (error instanceof Error && error.name === "ChunkLoadError")
    return "What draws it could not be loaded. Try again when the connection is back.";
  return error instanceof Error ? error.message : String(error);
}
