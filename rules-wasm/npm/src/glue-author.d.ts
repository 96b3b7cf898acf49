// The same of the author's module.

export { glue } from "./glue.js";
