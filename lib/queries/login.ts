import { LoggedIn, LoggedOut } from "../contract/login.ts";
import { sendJson } from "./http.ts";

/** Throws ProblemError; its message says why the token was not taken. */
export async function logIn(token: string): Promise<void> {
  await sendJson("POST", "/api/v1/login", { token: token.trim() }, LoggedIn);
}

export async function logOut(): Promise<void> {
  await sendJson("POST", "/api/v1/logout", {}, LoggedOut);
}
