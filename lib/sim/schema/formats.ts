import { isIPv4, isIPv6 } from "node:net";

/**
 * The API server's reading of `format: cidr`: as Go's net.ParseCIDR, but leading zeros are let through.
 * Source: kubernetes/apiextensions-apiserver through k8s.io/utils/net ParseCIDRSloppy
 */
function isCidr(text: string): boolean {
  const found = /^([^/%]+)\/(\d{1,3})$/.exec(text);
  if (found === null) return false;
  const [, address = "", prefix] = found;
  const plain = address.replace(/(^|\.)0+(?=\d)/g, "$1");
  if (isIPv4(plain)) return Number(prefix) <= 32;
  return isIPv6(address) && Number(prefix) <= 128;
}

const dateTime =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt ]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** False only when the text breaks a format that is known here; unknown formats are not checked. */
export function matchesFormat(format: string, text: string): boolean {
  switch (format) {
    case "cidr":
      return isCidr(text);
    case "date-time":
      return dateTime.test(text);
    case "ipv4":
      return isIPv4(text);
    case "ipv6":
      return isIPv6(text);
    case "byte":
      return /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);
    default:
      return true;
  }
}
