// SurveyJS: errors, warnings and information beside its questions, through its validation event. In: a survey, a schema, SurveyJS' own
// `SurveyError`. Out: a function that ends it. Names of questions are names of fields; panels are groups, dynamic panels are lists.

import type { Issue, RulesSchema } from "../standard.js";
import { fieldIssues } from "./paths.js";

/** What is used of a question. */
export interface QuestionLike {
  /** Of its field. */
  readonly name: string;
  /** The dynamic panel that it stands in. */
  readonly parentQuestion?: unknown;
}

interface ListLike extends QuestionLike {
  readonly panels?: readonly { readonly questions: readonly unknown[] }[];
}

interface Asked {
  readonly question: QuestionLike;
  readonly errors: unknown[];
}

/** What is used of a `SurveyModel`. */
export interface SurveyLike {
  /** The answers. */
  readonly data: unknown;
  /** The event in which a question is validated. */
  readonly onValidateQuestion: { add(listener: (survey: never, asked: never) => void): void; remove(listener: (survey: never, asked: never) => void): void };
}

/** The class `SurveyError` of SurveyJS. */
export type SurveyErrorLike = new (text: string) => { notificationType: string };

/** Where a question's answer stands: `guests.0.ref`. */
function placeOf(question: QuestionLike): string {
  const list = question.parentQuestion as ListLike | undefined | null;
  const row = list?.panels?.findIndex((panel) => panel.questions.includes(question)) ?? -1;
  return list && row >= 0 ? `${placeOf(list)}.${row}.${question.name}` : question.name;
}

/**
 * Lets a ruleset check a survey. Only issues of level `error` keep it from being completed; `findings: "all"` shows the verdict as warnings
 * and information.
 */
export function surveyRules(survey: SurveyLike, schema: RulesSchema<unknown>, SurveyError: SurveyErrorLike, options: { place?: (question: QuestionLike) => string } = {}): () => void {
  const at = fieldIssues(schema, () => survey.data);
  const place = options.place ?? placeOf;
  const listener = (_survey: unknown, { question, errors }: Asked): void => {
    for (const { message, level } of at(place(question)) as readonly Issue[]) {
      const error = new SurveyError(message);
      error.notificationType = level;
      errors.push(error);
    }
  };
  survey.onValidateQuestion.add(listener);
  return () => survey.onValidateQuestion.remove(listener);
}
