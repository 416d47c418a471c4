import { VisuallyHidden } from "@mantine/core";
import { Fragment } from "react";
import { ArrowIcon } from "@/components/ui/icons.tsx";
import { Foreign } from "@/components/ui/value.tsx";
import classes from "./change-line.module.css";

/** An arrow between two values in a line of text; it is drawn, as the page's fonts have none. */
export function ToArrow() {
  return (
    <span className={classes.arrow}>
      <ArrowIcon />
      <VisuallyHidden> to </VisuallyHidden>
    </span>
  );
}

/** The text of a change, its arrows drawn. */
export function ChangeLine({ text }: { text: string }) {
  return text.split(" → ").map((part, index) => (
    // The parts of a text keep their places.
    // oxlint-disable-next-line react/no-array-index-key
    <Fragment key={index}>
      {index === 0 ? null : (
        <>
          {" "}
          <ToArrow />{" "}
        </>
      )}
      <Foreign>{part}</Foreign>
    </Fragment>
  ));
}
