const power = /(\d+\^\d+)/;

/** Words in which powers stand as `2^58`, with their exponents raised. */
export function Powers({ children }: { children: string }) {
  return children.split(power).map((part, index) => {
    // Odd places are the powers.
    const [base, exponent] = index % 2 === 1 ? part.split("^") : [part];
    return exponent === undefined ? (
      part
    ) : (
      <span key={`${index} ${part}`}>
        {base}
        <sup>{exponent}</sup>
      </span>
    );
  });
}
