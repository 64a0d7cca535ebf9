"""Prints policy/lib/secrets/gitleaks.json: the rules of the secret scanner gitleaks, for JavaScript.

Run by hand when gitleaks is renewed; its rules come with its Go module:
go mod download -json github.com/zricethezav/gitleaks/v8@v8.30.1   # prints "Dir"
python3 scripts/lib/policy-secrets.py DIR > policy/lib/secrets/gitleaks.json
"""

import json
import pathlib
import re
import sys
import tomllib


def both_cases(letter):
    """Returns a letter in both cases, other characters as they are."""
    return letter.lower() + letter.upper() if letter.isascii() and letter.isalpha() else letter


def character_class(body, ignore_case):
    """Returns a class like [a-z_] for JavaScript, with both cases where case does not matter."""
    body = body.replace("[:alnum:]", "a-zA-Z0-9")
    negated = "^" if body.startswith("^") else ""
    body = body.removeprefix("^")
    more = ""
    if ignore_case:
        singles = re.sub(r"\\x[0-9A-Fa-f]{2}|\\.|[a-zA-Z]-[a-zA-Z]", "", body)
        more = "".join(sorted({c.swapcase() for c in singles if c.isascii() and c.isalpha()} - set(singles)))
        for first, last in re.findall(r"([a-zA-Z])-([a-zA-Z])", body):
            more += f"{first.swapcase()}-{last.swapcase()}"
    # In front, for a hyphen at the end stands for itself.
    body = negated + more + body
    return f"[{body}]"


def converted(pattern):
    """Returns an RE2 pattern as the source of a JavaScript one without flags.

    RE2 has flags in the middle of a pattern, names of groups and ends that JavaScript writes otherwise, or not at all.
    """
    out, at, stack, flags = [], 0, [], {"i": False, "s": False}
    while at < len(pattern):
        rest = pattern[at:]
        if group := re.match(r"\(\?(-?)([is]+)(-[is]+)?([:)])", rest):
            changed = dict(flags)
            for letter in group[2]:
                changed[letter] = group[1] == ""
            if group[4] == ":":
                stack.append(flags)
                out.append("(?:")
            flags = changed
            at += group.end()
        elif name := re.match(r"\(\?P<\w+>", rest):
            stack.append(dict(flags))
            out.append("(")
            at += name.end()
        elif opening := re.match(r"\((\?:)?", rest):
            stack.append(dict(flags))
            out.append(opening[0])
            at += opening.end()
        elif rest[0] == ")":
            flags = stack.pop()
            out.append(")")
            at += 1
        elif rest.startswith(("\\z", "\\A")):
            out.append("$" if rest[1] == "z" else "^")
            at += 2
        elif escape := re.match(r"\\(x[0-9A-Fa-f]{2}|.)", rest, re.S):
            out.append(escape[0])
            at += escape.end()
        elif klass := re.match(r"\[(\^?\]?(?:\[:\w+:\]|\\.|[^\]\\])*)\]", rest, re.S):
            out.append(character_class(klass[1], flags["i"]))
            at += klass.end()
        elif rest[0] == "." and flags["s"]:
            out.append("[\\s\\S]")
            at += 1
        elif count := re.match(r"\{\d+(,\d*)?\}", rest):
            out.append(count[0])
            at += count.end()
        else:
            letter = rest[0]
            out.append(f"[{both_cases(letter)}]" if flags["i"] and both_cases(letter) != letter else "\\{" if letter == "{" else letter)
            at += 1
    return "".join(out)


def allowlist(block):
    """Returns what is no secret; places in a repository have no meaning in user data."""
    return {
        "target": block.get("regexTarget", "secret"),
        "patterns": [converted(p) for p in block.get("regexes", [])],
        "words": [w.lower() for w in block.get("stopwords", [])],
    }


folder = pathlib.Path(sys.argv[1])
config = tomllib.loads((folder / "config" / "gitleaks.toml").read_text())
rules = [
    {
        "id": rule["id"],
        "pattern": converted(rule["regex"]),
        "entropy": rule.get("entropy", 0),
        "group": rule.get("secretGroup", 0),
        "keywords": [k.lower() for k in rule.get("keywords", [])],
        "allowed": [allowlist(b) for b in rule.get("allowlists", []) if b.get("regexes") or b.get("stopwords")],
    }
    for rule in config["rules"]
    # Rules of a file's name only, and of kinds of files that no machine boots from.
    if "regex" in rule and "path" not in rule
]
# The rule for anything that is called a secret comes last: what the others find, they name.
rules.sort(key=lambda rule: rule["id"].startswith("generic"))
notice = (folder / "LICENSE").read_text().strip()
version = folder.name.split("@")[-1]
head = {
    "made": f"By scripts/lib/policy-secrets.py from the rules of gitleaks {version}; do not edit.",
    "licence": notice,
    "allowed": allowlist(config["allowlist"]),
}
# One line a rule, so that a renewal shows which ones changed.
print("{" + ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()) + ',\n"rules": [')
print(",\n".join(json.dumps(rule) for rule in rules) + "\n]}")
