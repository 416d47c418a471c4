"use client";
import { Button } from "@mantine/core";
import { useId } from "react";
import { Stamp } from "../shot/stamp.tsx";
import { useShot } from "../shot/use-shot.ts";
import classes from "./figure.module.css";
import { useFigureExport } from "./figure-export.ts";
import { pictureScale } from "./figure-picture.ts";
import { ExportScaleProvider } from "./figure-scale.ts";
import { Notice } from "./states.tsx";
import { Foreign } from "./value.tsx";

interface Props {
  readonly title: React.ReactNode;
  /** Name of the PNG, without extension: what it shows and of what, “map-web-pool”. */
  readonly file: string;
  /** What the picture shows, in words and numbers: for whoever cannot see it. */
  readonly summary: React.ReactNode;
  /** Left of “PNG”. Not in the picture. */
  readonly actions?: React.ReactNode;
  readonly children: React.ReactNode;
  /** It scrolls sideways where it has no room; its picture has all of it. */
  readonly wide?: boolean;
}

/** A chart or map with its name, its summary and a button that saves it as a stamped PNG. */
export function Figure({ title, file, summary, actions, children, wide = false }: Props) {
  const name = useId();
  const words = useId();
  const shot = useShot();
  const { figure, stamp, isTaking, failure, take } = useFigureExport(file);
  return (
    <section className={classes.figure} aria-labelledby={name} aria-describedby={words}>
      <div ref={figure} className={wide && isTaking ? classes.whole : undefined}>
        <div className={classes.head}>
          <h2 id={name}>{title}</h2>
          {shot ? null : (
            <div className={classes.actions} data-noshot>
              {actions}
              <Button variant="subtle" onClick={take} aria-disabled={isTaking} aria-busy={isTaking}>
                PNG
              </Button>
            </div>
          )}
        </div>
        <p className={classes.summary} id={words}>
          {summary}
        </p>
        <ExportScaleProvider value={isTaking ? pictureScale : 1}>{children}</ExportScaleProvider>
      </div>
      {failure === null ? null : (
        <Notice apart>
          The picture cannot be made. <Foreign>{failure}</Foreign>
        </Notice>
      )}
      {isTaking ? (
        <div className={classes.stampPlace} aria-hidden="true" inert>
          <div ref={stamp}>
            <Stamp />
          </div>
        </div>
      ) : null}
    </section>
  );
}
