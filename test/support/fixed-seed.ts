import fc from 'fast-check';

/**
 * Properties are tried on the same cases in every run, so that a failure is the change's and not the day's. `FC_SEED`
 * names another seed; `FC_SEED=random` explores.
 */
const { FC_SEED = '20261121' } = process.env;

if (FC_SEED !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(FC_SEED) });
