import { sendJson } from "./http.ts";
import { shape } from "./schemas.ts";

/** Throws ProblemError; its message says why the token was not taken. */
export async function logIn(token: string): Promise<void> {
  await sendJson("POST", "/api/v1/login", { token: token.trim() }, shape("LoggedIn"));
}

export async function logOut(): Promise<void> {
  await sendJson("POST", "/api/v1/logout", {}, shape("LoggedOut"));
}
