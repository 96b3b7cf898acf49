// The entry `@weibao/rules/typed`: what people type, read as values. The engine is strict; this is where `２０２６年３月１日` becomes a day.
// It knows field types and no rules.

export { type Typed, typedAnswer, writtenAnswer } from "./typed/answer.js";
export { shortDateTime, today, typedDate, typedDateTime } from "./typed/date.js";
export { plainNumber, typedInteger, typedMeasure, typedNumber } from "./typed/number.js";
export { compact, halfWidth, identityNumber, typedText } from "./typed/text.js";
