"use client";
import { Button, Select, Popover, Stack } from "@mantine/core";
import { useState } from "react";
import classes from "./filter-chips.module.css";
import { CloseIcon } from "./icons.tsx";
import { useUrlState } from "./use-url-state.ts";
import { Foreign } from "./value.tsx";

/** One thing a list can be narrowed by; its value lives in the query string under `param`. */
export interface FilterField {
  readonly param: string;
  readonly label: string;
  /** Values to choose from; without them any name can be typed. */
  readonly values?: readonly { readonly value: string; readonly label: string }[];
}

/** The filters that are set, each with a way to drop it, and “Add filter”. */
export function FilterChips({ fields }: { fields: readonly FilterField[] }) {
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
        <AddFilter fields={fields.filter((field) => !active.includes(field))} />
      ) : null}
    </>
  );
}

function AddFilter({ fields }: { fields: readonly FilterField[] }) {
  const { set } = useUrlState();
  const [opened, setOpened] = useState(false);
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="subtle" onClick={() => setOpened(!opened)} aria-expanded={opened}>
          Add filter
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Add filter" role="dialog">
        <Stack gap="sm" w={240}>
          {fields.map((field) => (
            <Field
              key={field.param}
              field={field}
              onChoose={(value) => {
                set({ [field.param]: value }, "push");
                setOpened(false);
              }}
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function Field({ field, onChoose }: { field: FilterField; onChoose: (value: string) => void }) {
  const values = field.values ?? [];
  return (
    <Select
      label={field.label}
      placeholder={`Any ${field.label.toLowerCase()}`}
      data={values.map(({ value, label }) => ({ value, label }))}
      limit={50}
      searchable
      nothingFoundMessage="None with this name"
      onChange={(value) => {
        if (value) onChoose(value);
      }}
      comboboxProps={{ withinPortal: false }}
    />
  );
}
