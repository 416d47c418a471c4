export interface Permission {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
}

/** The RBAC rule that grants a permission, as it stands in a Role. What is read is listed and followed too. */
export function ruleFor(permission: Permission): string {
  const verbs =
    permission.verb === "list" || permission.verb === "watch" ? "get, list, watch" : permission.verb;
  const name = permission.name ? `\nresourceNames: [${permission.name}]` : "";
  return `apiGroups: [${permission.group === "" ? '""' : permission.group}]\nresources: [${permission.resource}]${name}\nverbs: [${verbs}]`;
}

/** Rules for several permissions, as the list below `rules:` of a Role. */
export function rulesFor(permissions: readonly Permission[]): string {
  return permissions.map((each) => `- ${ruleFor(each).replaceAll("\n", "\n  ")}`).join("\n");
}
