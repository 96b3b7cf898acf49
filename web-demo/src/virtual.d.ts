// Modules that the build writes. In: nothing. Out: types.

declare module 'virtual:divisions' {
  const lines: string;
  export default lines;
}
