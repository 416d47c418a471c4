import * as z from "zod/mini";

/** `token`: what the API server knows the person by. It goes into a sealed cookie and nowhere else. */
export const Login = z.strictObject({
  token: z.string().check(z.trim(), z.minLength(8), z.maxLength(16_000)),
});
export type Login = z.infer<typeof Login>;

/** Under which name the API server knows the person. */
export const LoggedIn = z.object({ user: z.string() }).register(z.globalRegistry, { id: "LoggedIn" });

export const Logout = z.strictObject({});

/** `loggedOut`: whoever keeps the cookie does not come in with it any more. */
export const LoggedOut = z
  .object({ loggedOut: z.literal(true) })
  .register(z.globalRegistry, { id: "LoggedOut" });
