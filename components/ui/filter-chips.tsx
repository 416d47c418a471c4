"use client";
import classes from "./filter-chips.module.css";
import { CloseIcon } from "./icons.tsx";
import { lazily, usePrefetch } from "./lazily.tsx";
import { PopoverStub, StubButton } from "./popover-stub.tsx";
import { useUrlState } from "./use-url-state.ts";
import { Foreign } from "./value.tsx";

/** One thing a list can be narrowed by; its value lives in the query string under `param`. */
export interface FilterField {
  readonly param: string;
  readonly label: string;
  /** Values to choose from; without them any name can be typed. */
  readonly values?: readonly { readonly value: string; readonly label: string }[];
}

const label = { label: "Add filter" };
const AddFilter = lazily(async () => (await import("./add-filter.tsx")).AddFilter, {
  waiting: () => <StubButton {...label} />,
});
const soonUsed = [AddFilter];

/** The filters that are set, each with a way to drop it, and “Add filter”. */
export function FilterChips({ fields }: { fields: readonly FilterField[] }) {
  usePrefetch(soonUsed);
  const { params, set } = useUrlState();
  const active = fields.filter((field) => params.get(field.param));
  return (
    <>
      {active.map((field) => {
        const value = params.get(field.param) ?? "";
        const word = field.values?.find((each) => each.value === value)?.label ?? value;
        return (
          <button
            key={field.param}
            type="button"
            className={classes.chip}
            aria-label={`Remove the filter: ${field.label} is ${word}`}
            onClick={() => set({ [field.param]: null }, "push")}
          >
            {field.label} is <Foreign>{word}</Foreign>
            <CloseIcon />
          </button>
        );
      })}
      {active.length < fields.length ? (
        <PopoverStub {...label}>
          <AddFilter fields={fields.filter((field) => !active.includes(field))} />
        </PopoverStub>
      ) : null}
    </>
  );
}
