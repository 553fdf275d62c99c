import fc from 'fast-check';

import { DIST, loadNode } from '../world';
import { stormViolations } from './invariants';
import { playStorm } from './play';
import { storm, type Storm } from './scenario';

const CASES = 200;
/** Of all runs alike; `npm run test:soak -- --storms` draws others. */
const SEED = 1;
const node = loadNode(DIST);

async function check(one: Storm): Promise<void> {
	const found = stormViolations(one, await playStorm(node, one));
	if (found.length > 0) throw new Error(found.join('\n'));
}

test('however many executions run at once, none spoils another', async () => {
	await fc.assert(fc.asyncProperty(storm, check), { numRuns: CASES, seed: SEED });
}, 120_000);
