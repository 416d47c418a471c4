import { visibleText } from "./visible-text.ts";
import classes from "./yaml.module.css";

const entry = /^(\s*(?:- )*)([^\s:#][^:]*)(:)(\s.*|)$/;

/**
 * YAML as it is, keys quieter than values. Plain text underneath, so it can be selected and copied. `marked`: lines that are new, from 0,
 * first and one behind the last.
 */
export function Yaml({
  text,
  label,
  marked = null,
}: {
  text: string;
  label: string;
  marked?: readonly [from: number, to: number] | null;
}) {
  return (
    // A box that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className={classes.yaml} aria-label={label} role="region" tabIndex={0}>
      {visibleText(text, true)
        .replace(/\n$/, "")
        .split("\n")
        .map((line, index) => (
          // Lines have no identity beyond their place.
          // oxlint-disable-next-line react/no-array-index-key
          <Line key={index} text={line} isNew={marked !== null && index >= marked[0] && index < marked[1]} />
        ))}
    </pre>
  );
}

function Line({ text, isNew }: { text: string; isNew: boolean }) {
  if (isNew) return <ins className={classes.new}>{`${text}\n`}</ins>;
  const match = entry.exec(text);
  if (!match)
    return (
      <span className={text.trimStart().startsWith("#") ? classes.quiet : undefined}>{`${text}\n`}</span>
    );
  const [, indent, key, colon, value] = match;
  return (
    <>
      {indent}
      <span className={classes.quiet}>
        {key}
        {colon}
      </span>
      {`${value}\n`}
    </>
  );
}
