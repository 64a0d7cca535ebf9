/** What the scanner's rules do not know: keys of networks, passwords on command lines, and what people call a secret. */
import { commands, inFiles, keys, placed } from "./patterns";
import { isReference } from "./references";
import type { Secret } from "./scanner";

/** NAME=VALUE or name: value in one line, where the name says secret and the value is written out. */
const assignment =
  /(?<![A-Za-z0-9_.:/-])((?!ch?passwd\b)[A-Za-z0-9_.-]*(?:passw(?:or)?d|passphrase|pre_?shared_?key|secret|api_?key|access_?key|secret_?key|auth_?key|auth_?token|access_?token|_token|private_?key|psk))["']?[ \t]*[:=][ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"',;}|&]+))/gi;

/** The list below `chpasswd:`, and what is piped into chpasswd, has a user and a password in each line. */
const passwordLists = [
  /^[ \t-]*chpasswd:[ \t]*\n(?:[ \t]+(?!list:)[^\n]*\n)*?[ \t]+list:[ \t]*[|>][+-]?[ \t]*\n((?:[ \t]+[^\n]*(?:\n|$))+)/gm,
  /^[ \t-]*chpasswd:[ \t]*\n(?:[ \t]+(?!list:)[^\n]*\n)*?[ \t]+list:[ \t]*\n((?:[ \t]*- [^\n]*(?:\n|$))+)/gm,
  /\bchpasswd\b[^\n]*<<-?[ \t]*['"]?\w+['"]?[^\n]*\n((?:[^\n:]+:[^\n]+(?:\n|$))+)/g,
];

export function ownSecrets(text: string): readonly Secret[] {
  return [
    ...keys.flatMap(([pattern, what]) => matches(text, pattern, what)),
    ...[
      ...placed,
      ...commands,
      ...inFiles.flatMap(([file, known]) => (file.test(text) ? [known] : [])),
    ].flatMap(([pattern, what]) => matches(text, pattern, what).filter(({ value }) => !isReference(value))),
    ...passwordLists.flatMap((pattern) => [...text.matchAll(pattern)].flatMap(listed)),
    ...[...text.matchAll(assignment)].flatMap(assigned),
  ];
}

function matches(text: string, pattern: RegExp, what: string): Secret[] {
  return [...text.matchAll(pattern)].map((match) => at(match, what, match[1] ?? match[0]));
}

function at(match: RegExpMatchArray, what: string, value: string): Secret {
  const from = match.index ?? 0;
  return { what, value, from, to: from + match[0].length };
}

function listed(match: RegExpMatchArray): Secret[] {
  // RANDOM and R are words of cloud-init's, and a hash is none.
  const passwords = (match[1] ?? "")
    .split("\n")
    .flatMap((line) => /^[ \t]*(?:- )?["']?[\w.-]+:([^\s"']{1,})["']?[ \t]*$/.exec(line)?.[1] ?? []);
  const [literal] = passwords.filter(
    (value) => !/^(R|RANDOM|\$(?:\d|y|2[aby])\$.*)$/.test(value) && !isReference(value),
  );
  return literal === undefined ? [] : [at(match, "a password for chpasswd", literal)];
}

function assigned(match: RegExpMatchArray): Secret[] {
  const [, name = "", double, single, bare] = match;
  const value = double ?? single ?? bare ?? "";
  return value.length < 6 || isReference(value) ? [] : [at(match, `a value for ${name}`, value)];
}
