import { VisuallyHidden } from "@mantine/core";
import { Fragment } from "react";
import { ArrowIcon } from "@/components/ui/icons.tsx";
import { Foreign } from "@/components/ui/value.tsx";

/** The text of a change, its arrows drawn: the page's fonts have none. */
export function ChangeLine({ text }: { text: string }) {
  return text.split(" → ").map((part, index) => (
    // The parts of a text keep their places.
    // oxlint-disable-next-line react/no-array-index-key
    <Fragment key={index}>
      {index === 0 ? null : (
        <>
          {" "}
          <ArrowIcon />
          <VisuallyHidden> to </VisuallyHidden>{" "}
        </>
      )}
      <Foreign>{part}</Foreign>
    </Fragment>
  ));
}
