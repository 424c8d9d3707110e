/** So many runs of a property, or as many times more as `PROMISE_RUNS` asks for: for a night's search. */
export function runs(few: number): { readonly numRuns: number } {
  return { numRuns: few * Number(process.env.PROMISE_RUNS ?? 1) };
}
