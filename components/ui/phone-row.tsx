import classes from "./phone-row.module.css";

interface Props {
  /** What the row is about. */
  readonly name: React.ReactNode;
  /** At the right of the name: a state, a control. */
  readonly aside?: React.ReactNode;
  /** The second line, quiet. */
  readonly detail?: React.ReactNode;
  readonly end?: React.ReactNode;
}

/** A table row on a phone, in two lines. */
export function PhoneRow({ name, aside, detail, end }: Props) {
  return (
    <div className={classes.row}>
      <div className={classes.line}>
        <span className={classes.name}>{name}</span>
        <span className={classes.fixed}>{aside}</span>
      </div>
      <div className={classes.line} data-quiet>
        <span className={classes.detail}>{detail}</span>
        <span className={classes.fixed}>{end}</span>
      </div>
    </div>
  );
}
