/** Words that say something about a secret, and are none; the sources of nsswitch.conf among them. */
const words =
  /^(?:required|requisite|optional|disabled?|enabled?|prompt|example|changeme|change-me|placeholder|redacted|your[-_].*|yes|true|false|none|null|nil|undefined|unset|random|default|auto|systemd|compat|files|sss|ldap|winbind|prohibit-password|without-password|publickey|string|number|boolean|securestring|x{3,}|\*+|\.{3,}|-+)$/i;

/** Beginnings of what is looked up elsewhere: variables, templates, parameters, secret stores, files. */
const starts =
  /^(?:[$<{%(`*~&]|!|arn:|ssm:|secretsmanager|\/?aws\/|vault:|op:\/\/|file:|fileb:|env:|data\.|var\.|local\.|module\.|\/|\.\.?\/|@\/|-)/i;

/**
 * Whether a value only refers to a secret: a variable or something that a template fills in, an ARN, a path, or the
 * name under which the secret is kept elsewhere (`prod/db/password`, `prod-db-password`).
 */
export function isReference(value: string): boolean {
  const text = value.trim().replace(/^["'\\]+/, "");
  if (text === "" || words.test(text) || starts.test(text)) return true;
  if (/\$\{|\$\(|\$[A-Za-z_]|\{\{|`|%[A-Z_]+%|<[a-z_ -]+>/.test(text)) return true;
  if (/^[a-z][a-z0-9_.-]*(?:\/[a-z0-9_.-]+)+$/.test(text)) return true;
  return (
    /^[a-z0-9_.-]*(?:password|passwd|secret|credential|token)s?(?:[-_.][a-z0-9_.-]*)?$/.test(text) &&
    /[-_.]/.test(text)
  );
}
