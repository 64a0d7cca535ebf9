/**
 * Whether a text is a domain name of at least two labels in lower case, as host names have to be written
 * (RFC 1123, section 2.1; lengths: RFC 1035, section 2.3.4). A trailing dot is not accepted.
 */
export function isDomainName(text: string): boolean {
  const labels = text.split(".");
  return (
    text.length <= 253 &&
    labels.length >= 2 &&
    labels.every((label) => /^(?!-)[a-z0-9-]{1,63}(?<!-)$/.test(label))
  );
}

/** Whether a name lies below a domain; a domain is not below itself. */
export function isSubdomain(name: string, domain: string): boolean {
  return name.endsWith(`.${domain}`);
}
