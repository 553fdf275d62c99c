import fc from 'fast-check';

import { violations } from './invariants';
import { DIST, loadNode, play } from './play';
import { scenario, type Scenario } from './scenario';

const CASES = 1000;
/** Of all runs alike; `npm run test:soak` draws others. */
const SEED = 1;
const node = loadNode(DIST);

async function check(one: Scenario): Promise<void> {
	const found = violations(one, await play(node, one));
	if (found.length > 0) throw new Error(found.join('\n'));
}

test('whatever the cloud does, each item tells what happened to its server', async () => {
	await fc.assert(fc.asyncProperty(scenario, check), { numRuns: CASES, seed: SEED });
}, 120_000);
