/** Who sent something, for a sentence: the name when there is one, else how they got in. */
export function personName({
  user,
  how,
}: {
  readonly user: string | null;
  readonly how: string | null;
}): string {
  if (user !== null) return user;
  switch (how) {
    case "session":
      return "the holder of the link";
    case "token":
      return "a script with the server's token";
    case "anonymous":
      return "somebody without a login";
    default:
      return "somebody unknown";
  }
}
