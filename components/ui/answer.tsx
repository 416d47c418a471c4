import classes from "./answer.module.css";

/** What a page says to the question that it was asked, in one sentence. */
export function Answer({ children }: { children: React.ReactNode }) {
  return <h2 className={classes.answer}>{children}</h2>;
}

/** Below it: how that comes. */
export function AnswerNote({ children }: { children: React.ReactNode }) {
  return <p className={classes.note}>{children}</p>;
}
