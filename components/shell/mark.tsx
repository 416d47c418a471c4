import classes from "./mark.module.css";

/** The mark: four blocks of a pool, each fuller than the last, one still free. */
export function Mark() {
  return (
    <svg className={classes.mark} viewBox="0 0 20 20" aria-hidden="true">
      <path className={classes.third} d="M1 1h8.2v8.2H1z" />
      <path className={classes.second} d="M10.8 1H19v8.2h-8.2z" />
      <path className={classes.fourth} d="M1 10.8h8.2V19H1z" />
      <path className={classes.free} d="M11.55 11.55h6.7v6.7h-6.7z" />
    </svg>
  );
}
