import { Button } from "@mantine/core";
import { countText } from "./count.ts";
import classes from "./data-table.module.css";

/** Says at the top of a table that rows have come above those that are looked at, and leads to them. */
export function ShowAbove({ rows, onShow }: { rows: number; onShow: () => void }) {
  return (
    <div className={classes.above} data-noshot>
      <Button size="xs" onClick={onShow}>
        Show {countText(rows)} more above
      </Button>
    </div>
  );
}
