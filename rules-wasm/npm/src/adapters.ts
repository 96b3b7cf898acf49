// The entry `@weibao/rules/adapters`: a ruleset in form libraries that know no Standard Schema. Each is a thin function in a file of its own
// that imports no library; all take what `standardSchema` made.

export { type ElementRule, elementRules } from "./adapters/element-plus.js";
export { formioErrors, formioHooks, type FormioError } from "./adapters/formio.js";
export { type AjvError, type CoreLike, jsonFormsErrors, jsonFormsMiddleware } from "./adapters/jsonforms.js";
export { dotPath } from "./adapters/paths.js";
export { rjsfErrors, rjsfValidate, type RjsfErrors } from "./adapters/rjsf.js";
export { type QuestionLike, surveyRules, type SurveyErrorLike, type SurveyLike } from "./adapters/surveyjs.js";
export { type VantRule, vantRules } from "./adapters/vant.js";
export { veeSchema, type VeeSchema } from "./adapters/vee-validate.js";
