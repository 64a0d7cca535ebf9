/** A statement of named.conf: its words, and the statements in its braces if it has any. */
export interface Statement {
  readonly words: readonly string[];
  readonly block?: readonly Statement[];
}

const DEPTH = 60;

function withoutComments(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|\/\*[\s\S]*?\*\/|\/\/[^\n]*|#[^\n]*/g, (found) =>
    found.startsWith('"') ? found : " ",
  );
}

/** Whether each brace that opens is closed: named refuses such a file, and reading it is guessing. */
export function isBalanced(text: string): boolean {
  let open = 0;
  for (const [token] of withoutComments(text).matchAll(/"(?:[^"\\]|\\.)*"|\$\{[^}\n]*\}|[{}]/g)) {
    if (token === "{") open++;
    if (token === "}") open--;
    if (open < 0) return false;
  }
  return open === 0;
}

/** Reads named.conf's grammar: words, strings, braces and semicolons, with three kinds of comments. */
export function parseNamedConf(text: string): readonly Statement[] {
  const bare = withoutComments(text);
  const tokens =
    bare.match(/"(?:[^"\\]|\\.)*"|\$\{[^}\n]*\}|\$\([^)\n]*\)|[{};]|![ \t]+|[^\s{};"$!]+|[$!]/g) ?? [];
  return statements(joined(tokens).values(), 0);
}

/** A negation belongs to what follows, and a template's variable to the word around it. */
function joined(tokens: readonly string[]): string[] {
  const words: string[] = [];
  let before = "";
  for (const token of tokens) {
    if (/^!\s*$/.test(token)) before = "!";
    else {
      words.push(
        before !== "" && token !== "{" ? before + token : token === "{" && before !== "" ? "!" : token,
      );
      if (token === "{" && before !== "") words.push("{");
      before = "";
    }
  }
  return words;
}

function statements(tokens: Iterator<string>, depth: number): Statement[] {
  const found: Statement[] = [];
  let words: string[] = [];
  let block: Statement[] | undefined;
  const end = (): void => {
    if (words.length > 0 || block !== undefined) found.push(block ? { words, block } : { words });
    [words, block] = [[], undefined];
  };
  for (let token = tokens.next(); token.done !== true; token = tokens.next()) {
    if (token.value === "}") break;
    if (token.value === "{" && depth < DEPTH) block = statements(tokens, depth + 1);
    else if (token.value === ";") end();
    else if (token.value !== "{") words.push(token.value.replace(/^"|"$/g, ""));
  }
  // A file that breaks off, or a last statement without its semicolon, still says what it says.
  end();
  return found;
}

/** The last statement of a name: named takes no second one, and a later file's is what was meant. */
export function find(list: readonly Statement[], word: string): Statement | undefined {
  return list.findLast(({ words }) => words[0] === word);
}
