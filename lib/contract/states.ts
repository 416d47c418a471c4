/** Words that schemas are made of and pages offer to choose from; a page loads them without the schemas. */

export const podStates = ["running", "pending", "noAddress", "finished", "hostNetwork"] as const;
export const addressStates = ["used", "cooling", "reserved", "free", "unclaimed"] as const;
export const addressKinds = ["pod", "tunnel", "loadBalancer", "vm", "windows", "other"] as const;
