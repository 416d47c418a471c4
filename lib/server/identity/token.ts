import { decodeJwt } from "jose";

/** Nothing else may stand in an Authorization header after "Bearer". */
const tokenShape = /^[\w.~+/-]{8,16000}=*$/;

export function looksLikeToken(text: string): boolean {
  return tokenShape.test(text);
}

/** When the token says that it ends, in milliseconds since 1970; null: it does not say. Nobody has checked its signature. */
export function expiryOf(token: string): number | null {
  try {
    const { exp } = decodeJwt(token);
    return exp === undefined ? null : exp * 1000;
  } catch {
    return null;
  }
}
