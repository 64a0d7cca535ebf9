/**
 * IAM's decision on one action and one resource, by identity-based policies, a boundary and a session's policy (IAM User
 * Guide, "Policy evaluation logic"; "IAM JSON policy elements reference"). Resource-based and organisations' policies are
 * not there: nothing in the offline cloud has any.
 */
import { meets } from "./conditions";
import { type Context, contextOf, matches, matchesArn, substituted } from "./patterns";

export type Decision = "Allowed" | "ExplicitlyDenied" | "ImplicitlyDenied";

export interface Question {
  readonly action: string;
  /** ARN, or `*` for an action that is about no resource. What a call creates is `<type>/*`. */
  readonly resource: string;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

export interface Policies {
  /** Documents, as JSON values. */
  readonly identity: readonly unknown[];
  /** Each of them has to allow the call, too: a permissions boundary, a session's policy. */
  readonly limits: readonly unknown[];
}

/** @throws AwsError if a policy has a condition operator that is not known */
export function evaluate({ identity, limits }: Policies, question: Question): Decision {
  const asked = { ...question, values: contextOf(question.context) };
  const decisions = [identity, ...limits.map((one) => [one])].map((documents) =>
    decisionOf(documents, asked),
  );
  if (decisions.includes("ExplicitlyDenied")) return "ExplicitlyDenied";
  return decisions.every((one) => one === "Allowed") ? "Allowed" : "ImplicitlyDenied";
}

interface Asked extends Question {
  readonly values: Context;
}

/** Of policies of one kind: one denial is enough, and so is one permission. */
function decisionOf(documents: readonly unknown[], asked: Asked): Decision {
  const effects = documents.flatMap((document) => {
    const { Version, Statement } = document as { Version?: unknown; Statement?: unknown };
    const versioned = Version === "2012-10-17";
    return list(Statement as Statement | Statement[])
      .filter((statement) => applies(statement, asked, versioned))
      .map(({ Effect }) => Effect);
  });
  if (effects.includes("Deny")) return "ExplicitlyDenied";
  return effects.includes("Allow") ? "Allowed" : "ImplicitlyDenied";
}

type Text = string | readonly string[];

interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action?: Text;
  readonly NotAction?: Text;
  readonly Resource?: Text;
  readonly NotResource?: Text;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, ConditionValue>>>>;
}

type ConditionValue = Scalar | readonly Scalar[];
type Scalar = string | number | boolean;

function list<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

function applies(statement: Statement, asked: Asked, versioned: boolean): boolean {
  const { Action, NotAction, Resource, NotResource, Condition = {} } = statement;
  const isAction = (one: string): boolean => matches(one.toLowerCase(), asked.action.toLowerCase());
  const isResource = (one: string): boolean => {
    const text = substituted(one, asked.values, versioned);
    return text !== undefined && (text.pattern === "*" || matchesArn(text.pattern, asked.resource));
  };
  return (
    (NotAction === undefined ? list(Action).some(isAction) : !list(NotAction).some(isAction)) &&
    (NotResource === undefined ? list(Resource).some(isResource) : !list(NotResource).some(isResource)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) =>
        meets(operator, key, list(wanted).map(String), asked.values, versioned),
      ),
    )
  );
}
