/**
 * Which parameters of an action somebody compared with AWS, in one line: `SubnetId Groups PrivateIpAddresses{Primary
 * PrivateIpAddress} Tenancy=default|host`. The names are those of botocore's model (and so of every SDK); a structure's
 * members are in braces, the only values that are there follow an equals sign.
 */
export type Declarations = Readonly<Record<string, string>>;

/** The declared parameters by their paths (`PrivateIpAddresses.Primary`); with their values, if not all are there. */
export type Declared = ReadonlyMap<string, readonly string[] | undefined>;

/** Reads a declaration. @throws Error if it is not well-formed, or names a parameter twice */
export function parseDeclaration(text: string): Declared {
  const declared = new Map<string, readonly string[] | undefined>();
  const within: string[] = [];
  let last = "";
  for (const [token] of text.matchAll(/[{}]|[^\s{}]+/g)) {
    if (token === "{") {
      declared.delete(last);
      within.push(last);
    } else if (token === "}") {
      if (within.pop() === undefined) throw new Error(`A brace too many in "${text}"`);
    } else {
      const [name = "", values] = token.split("=");
      const parent = within.at(-1);
      last = parent === undefined ? name : `${parent}.${name}`;
      if (declared.has(last)) throw new Error(`${last} is twice in "${text}"`);
      declared.set(last, values?.split("|"));
    }
  }
  if (within.length > 0) throw new Error(`A brace is missing in "${text}"`);
  return declared;
}

/** Tags at creation, of these types of resources. */
export function tags(types: string): string {
  return `TagSpecifications{ResourceType=${types} Tags{Key Value}}`;
}

/** What a list is narrowed and paged by. */
export const FILTERS = "Filters{Name Values}";
export const PAGES = "MaxResults NextToken";
export const FOUND = `${FILTERS} ${PAGES}`;

/** The same declaration for several actions of a service. */
export function each(service: string, actions: readonly string[], declaration: string): Declarations {
  return Object.fromEntries(actions.map((action) => [`${service}:${action}`, declaration]));
}
