/** A version of the server's data: epoch and sequence, as in `x-poolboard-version`. */
interface Version {
  readonly epoch: string;
  readonly sequence: number;
}

function parse(text: string): Version | null {
  const dot = text.lastIndexOf(".");
  const sequence = Number(text.slice(dot + 1));
  return dot < 1 || !Number.isSafeInteger(sequence) ? null : { epoch: text.slice(0, dot), sequence };
}

/** Whether `a` was made before `b`. Versions of different epochs cannot be compared: then it is false. */
export function isOlder(a: string, b: string): boolean {
  const left = parse(a);
  const right = parse(b);
  return left !== null && right !== null && left.epoch === right.epoch && left.sequence < right.sequence;
}
