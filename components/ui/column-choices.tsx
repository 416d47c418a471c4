"use client";
import { Button, Checkbox, Stack } from "@mantine/core";
import type { Column } from "./column.ts";
import { PopoverButton } from "./popover-button.tsx";
import classes from "./table-tools.module.css";
import type { useColumns } from "./table-tools.tsx";

interface Props {
  readonly columns: readonly Pick<Column<never>, "id" | "header">[];
  readonly chosen: ReturnType<typeof useColumns>;
}

/** Which columns a table shows, to choose from. */
export function ColumnChoices({ columns, chosen }: Props) {
  return (
    <PopoverButton label="Columns" className={classes.columns} position="bottom-end">
      {() => (
        <Stack gap="sm">
          {columns.slice(1).map((column) => (
            <Checkbox
              key={column.id}
              size="xs"
              label={column.header}
              checked={chosen.visibility[column.id] ?? false}
              onChange={(event) => chosen.toggle(column.id, event.currentTarget.checked)}
            />
          ))}
          <Button size="xs" onClick={chosen.reset}>
            Show the normal columns
          </Button>
        </Stack>
      )}
    </PopoverButton>
  );
}
