"use client";
import { Select, Stack } from "@mantine/core";
import type { FilterField } from "./filter-chips.tsx";
import { PopoverButton } from "./popover-button.tsx";
import { useUrlState } from "./use-url-state.ts";

/** “Add filter”: what the list can be narrowed by, each with its values. */
export function AddFilter({ fields }: { fields: readonly FilterField[] }) {
  const { set } = useUrlState();
  return (
    <PopoverButton label="Add filter" position="bottom-start">
      {(close) => (
        <Stack gap="sm" w={240}>
          {fields.map((field) => (
            <Field
              key={field.param}
              field={field}
              onChoose={(value) => {
                set({ [field.param]: value }, "push");
                close();
              }}
            />
          ))}
        </Stack>
      )}
    </PopoverButton>
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
